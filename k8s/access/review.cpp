#include "k8s/access/review.h"

#include <boost/json.hpp>

namespace surgeproof::k8s {

namespace json = boost::json;

std::string AccessQuestion::resource_words() const {
  // What is unambiguous without its group is read more easily.
  const bool plain = about->group == "apps" || about->group == "autoscaling" || about->group == "discovery.k8s.io" ||
                     about->group == "policy" || about->group.empty();
  if (plain) return resource;
  const auto slash = resource.find('/');
  const auto plural = resource.substr(0, slash);
  return plural + "." + about->group + (slash == std::string::npos ? "" : resource.substr(slash));
}

std::string AccessQuestion::body() const {
  const auto slash = resource.find('/');
  json::object attributes{{"verb", verb}, {"group", about->group}, {"resource", resource.substr(0, slash)}};
  if (slash != std::string::npos) attributes["subresource"] = resource.substr(slash + 1);
  if (!about->ns.empty()) attributes["namespace"] = about->ns;
  if (!about->names.empty()) attributes["name"] = about->names.front();
  return json::serialize(json::object{{"apiVersion", "authorization.k8s.io/v1"},
                                      {"kind", "SelfSubjectAccessReview"},
                                      {"spec", json::object{{"resourceAttributes", std::move(attributes)}}}});
}

std::vector<AccessQuestion> questions_for(const std::vector<Permission>& permissions) {
  std::vector<AccessQuestion> all;
  for (const auto& p : permissions) {
    for (const auto& resource : p.resources) {
      for (const auto& verb : p.verbs) all.push_back({&p, resource, verb});
    }
  }
  return all;
}

std::expected<AccessAnswer, std::string> read_answer(const std::string& body) {
  boost::system::error_code ec;
  const auto value = json::parse(body, ec);
  const json::object* review = ec ? nullptr : value.if_object();
  const json::value* status = review != nullptr ? review->if_contains("status") : nullptr;
  if (status == nullptr || !status->is_object()) return std::unexpected("the answer is no SelfSubjectAccessReview");
  const json::object& s = status->get_object();
  const json::value* allowed = s.if_contains("allowed");
  if (allowed == nullptr || !allowed->is_bool())
    return std::unexpected("the answer does not say whether it is allowed");
  const json::value* reason = s.if_contains("reason");
  return AccessAnswer{allowed->get_bool(),
                      reason != nullptr && reason->is_string() ? std::string{reason->get_string()} : std::string{}};
}

}  // namespace surgeproof::k8s
