// Permissions as questions to the server: SelfSubjectAccessReview (authorization.k8s.io/v1). Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "k8s/access/permissions.h"

namespace surgeproof::k8s {

/// May I `verb` this resource there?
struct AccessQuestion {
  const Permission* about = nullptr;
  std::string resource;  ///< with the subresource
  std::string verb;

  /// "deployments", "pods/log", "pods.metrics.k8s.io"
  [[nodiscard]] std::string resource_words() const;
  /// The object to POST to kReviewPath.
  [[nodiscard]] std::string body() const;
};
inline constexpr const char* kReviewPath = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// One for each verb and resource. Keeps pointers into `permissions`.
std::vector<AccessQuestion> questions_for(const std::vector<Permission>& permissions);

struct AccessAnswer {
  bool allowed = false;
  std::string reason;
};
/// The server's answer; the error is a sentence.
std::expected<AccessAnswer, std::string> read_answer(const std::string& body);

}  // namespace surgeproof::k8s
