#include "k8s/access/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/ascii.h"

namespace surgeproof::k8s {
namespace {

using Part = Permission::Part;

/// Plain where YAML leaves it a string, else quoted.
std::string scalar(const std::string& text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return ascii::is_alphanumeric(c) || c == '-' || c == '.' || c == '/' || c == '_';
  });
  const bool letter = plain && ascii::is_letter(text[0]);
  const bool word = text == "true" || text == "false" || text == "null" || text == "yes" || text == "no" ||
                    text == "on" || text == "off" || text == "y" || text == "n";
  if (letter && !word) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return quoted + "\"";
}

std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + scalar(item);
  return "[" + text + "]";
}

class Manifest {
 public:
  Manifest(const AccessNeeds& needs, const ManifestOptions& options)
      : needs_{needs}, options_{options}, permissions_{permissions_for(needs)} {
    account_ns_ = options.account_ns;
    if (account_ns_.empty()) account_ns_ = permissions_.empty() ? "default" : permissions_.front().ns;
    if (account_ns_.empty()) account_ns_ = "default";
  }

  std::string text() {
    head();
    object("v1", "ServiceAccount", options_.name, account_ns_);
    for (const auto& ns : namespaces(Part::reading)) {
      role("", ns, of(Part::reading, ns));
    }
    if (needs_.nodes) {
      comment("Nodes belong to no namespace. Leave these objects out where nobody may grant that: then");
      comment("preflight cannot say whether the nodes have room, and of a Pending pod only the");
      comment("scheduler's words are told.");
      role("-nodes", "", of(Part::nodes, ""));
    }
    for (const auto& ns : namespaces(Part::actions)) {
      comment("The scenario's actions change something. Apart, so that they can be left out.");
      role("-actions", ns, of(Part::actions, ns));
    }
    return std::move(text_);
  }

 private:
  void comment(std::string_view words) { pending_ += fmt::format("# {}\n", words); }

  void head() {
    comment(fmt::format("What {} needs, and no more:", options_.scenario.empty() ? "it" : options_.scenario));
    comment("  surgeproof print-rbac … | kubectl apply -f -");
    const bool blind = std::ranges::any_of(needs_.watched, [](const WatchedNeeds& w) { return !w.target; });
    if (blind) {
      comment("Written without looking at the cluster: what the HPAs scale, and whether they use");
      comment("custom or external metrics, is not known. With --look-up it is exact; then you must be");
      comment("allowed to read the HPAs yourself.");
    }
    if (!needs_.nodes) {
      comment(
          "Nodes are left out: they need a ClusterRole (--nodes). Without them a pod that cannot be placed is seen");
      comment("and told in the scheduler's words, but not how much room the nodes have.");
    }
  }

  void begin(std::string_view api, std::string_view kind) {
    if (!text_.empty()) text_ += "---\n";
    text_ += pending_;
    pending_.clear();
    text_ += fmt::format("apiVersion: {}\nkind: {}\n", api, kind);
  }

  void metadata(const std::string& name, const std::string& ns) {
    text_ += fmt::format("metadata:\n  name: {}\n", scalar(name));
    if (!ns.empty()) text_ += fmt::format("  namespace: {}\n", scalar(ns));
    text_ += "  labels: {app.kubernetes.io/name: surgeproof}\n";
  }

  void object(std::string_view api, std::string_view kind, const std::string& name, const std::string& ns) {
    begin(api, kind);
    metadata(name, ns);
  }

  void role(std::string_view suffix, const std::string& ns, const std::vector<const Permission*>& rules) {
    constexpr std::string_view kApi = "rbac.authorization.k8s.io/v1";
    const std::string_view kind = ns.empty() ? "ClusterRole" : "Role";
    const auto name = fmt::format("{}{}", options_.name, suffix);
    object(kApi, kind, name, ns);
    text_ += "rules:\n";
    for (const auto* rule : rules) {
      text_ += fmt::format("  # {};\n  # without: {}\n", rule->purpose, rule->without);
      text_ += fmt::format("  - apiGroups: [{}]\n    resources: {}\n", scalar(rule->group), list(rule->resources));
      if (!rule->names.empty()) text_ += fmt::format("    resourceNames: {}\n", list(rule->names));
      text_ += fmt::format("    verbs: {}\n", list(rule->verbs));
    }
    object(kApi, fmt::format("{}Binding", kind), name, ns);
    text_ += fmt::format(
        "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {}, name: {}}}\n"
        "subjects:\n  - {{kind: ServiceAccount, name: {}, namespace: {}}}\n",
        kind, scalar(name), scalar(options_.name), scalar(account_ns_));
  }

  [[nodiscard]] std::vector<std::string> namespaces(Part part) const {
    std::vector<std::string> all;
    for (const auto& p : permissions_) {
      if (p.part == part && std::ranges::find(all, p.ns) == all.end()) all.push_back(p.ns);
    }
    return all;
  }

  [[nodiscard]] std::vector<const Permission*> of(Part part, const std::string& ns) const {
    std::vector<const Permission*> found;
    for (const auto& p : permissions_) {
      if (p.part == part && p.ns == ns) found.push_back(&p);
    }
    return found;
  }

  const AccessNeeds& needs_;
  const ManifestOptions& options_;
  std::vector<Permission> permissions_;
  std::string account_ns_;
  std::string pending_;
  std::string text_;
};

}  // namespace

std::string rbac_manifest(const AccessNeeds& needs, const ManifestOptions& options) {
  return Manifest{needs, options}.text();
}

}  // namespace surgeproof::k8s
