#include "app/notify/http_post.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace surgeproof::notify {
namespace {

constexpr std::size_t kMostOfAnswer = 200;

std::size_t keep_beginning(char* data, std::size_t size, std::size_t count, void* to) {
  auto& text = *static_cast<std::string*>(to);
  text.append(data, std::min(size * count, kMostOfAnswer - std::min(kMostOfAnswer, text.size())));
  return size * count;
}

/// "https://hooks.example.com": scheme, host and port.
std::string origin_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts{curl_url(), curl_url_cleanup};
  std::string origin;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "the URL given";
  for (const auto part : {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT}) {
    char* text = nullptr;
    if (curl_url_get(parts.get(), part, &text, 0) != CURLUE_OK) continue;
    origin += part == CURLUPART_HOST ? "://" : part == CURLUPART_PORT ? ":" : "";
    origin += text;
    curl_free(text);
  }
  return origin;
}

std::string one_line(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  return text;
}

std::expected<void, std::string> send(const char* method, const std::string& url, const std::string& body,
                                      const std::string& content_type, std::chrono::seconds limit) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{ready ? curl_easy_init() : nullptr, curl_easy_cleanup};
  if (!curl) return std::unexpected{"the HTTP library could not be started"};
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers{
      curl_slist_append(nullptr, ("Content-Type: " + content_type).c_str()), curl_slist_free_all};
  std::string answer;
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(c, CURLOPT_USERAGENT, "surgeproof/" SURGEPROOF_VERSION);
  curl_easy_setopt(c, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(std::chrono::milliseconds{limit}.count()));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep_beginning);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  const CURLcode result = curl_easy_perform(c);
  if (result != CURLE_OK) return std::unexpected{fmt::format("{}: {}", origin_of(url), curl_easy_strerror(result))};
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (status / 100 == 2) return {};
  return std::unexpected{fmt::format("{} answered {}{}{}", origin_of(url), status, answer.empty() ? "" : ": ",
                                     one_line(std::move(answer)))};
}

}  // namespace

std::expected<void, std::string> http_post(const std::string& url, const std::string& body,
                                           const std::string& content_type, std::chrono::seconds limit) {
  return send("POST", url, body, content_type, limit);
}

std::expected<void, std::string> http_put(const std::string& url, const std::string& body,
                                          const std::string& content_type, std::chrono::seconds limit) {
  return send("PUT", url, body, content_type, limit);
}

}  // namespace surgeproof::notify
