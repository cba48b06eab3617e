#include "k8s/exec_plugin.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "k8s/mask.h"
#include "k8s/program.h"

namespace surgeproof::k8s {
namespace {

namespace asio = boost::asio;
using End = ProgramResult::End;

/// One run in its own thread. Destroyed early (the io_context ends), it kills the program.
class Job {
 public:
  explicit Job(ProgramSpec spec) : spec_(std::move(spec)), cancel_(::eventfd(0, EFD_CLOEXEC)) {}
  ~Job() {
    {
      const std::lock_guard lock(mutex_);
      abandoned_ = true;
    }
    const std::uint64_t one = 1;
    if (cancel_ >= 0 && ::write(cancel_, &one, sizeof one) < 0) ::close(std::exchange(cancel_, -1));
    if (thread_.joinable()) thread_.join();
    if (cancel_ >= 0) ::close(cancel_);
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  asio::awaitable<ProgramResult> run() {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer done(executor, asio::steady_timer::time_point::max());
    thread_ = std::thread([this, executor, &done] {
      result_ = run_program(spec_, cancel_);
      const std::lock_guard lock(mutex_);
      if (!abandoned_) asio::post(executor, [&done] { done.cancel(); });
    });
    co_await done.async_wait(asio::as_tuple(asio::use_awaitable));
    thread_.join();
    co_return std::move(result_);
  }

 private:
  ProgramSpec spec_;
  int cancel_;
  std::mutex mutex_;
  bool abandoned_ = false;
  ProgramResult result_;
  std::thread thread_;
};

std::string path_words() {
  const char* path = std::getenv("PATH");
  return path ? fmt::format("PATH is {}", path) : std::string("PATH is not set");
}

/// The last line that is not empty.
std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  const auto newline = text.rfind('\n');
  return safe_line(newline == std::string_view::npos ? text : text.substr(newline + 1), 300);
}

std::string end_words(const ProgramResult& result, std::chrono::milliseconds limit) {
  const std::string said = result.errors.empty() ? "" : ": " + last_line(result.errors);
  switch (result.end) {
    case End::exited:
      return fmt::format("ended with exit code {}{}", result.status, said);
    case End::signalled:
      return fmt::format("was ended by signal {}{}", result.status, said);
    case End::not_found:
      return fmt::format("cannot be run: {}", result.error);
    case End::timed_out:
      return fmt::format("did not end within {} s and was killed{}",
                         std::chrono::duration_cast<std::chrono::duration<double>>(limit).count(), said);
    case End::too_long:
      return "printed more than a credential can be and was killed";
    case End::cancelled:
      break;
  }
  return "was given up";
}

}  // namespace

ExecPluginSource::ExecPluginSource(ClusterConfig config)
    : wall_now([] { return WallTime{std::chrono::system_clock::now()}; }), config_(std::move(config)) {}

ApiFailure ExecPluginSource::failure(const std::string& what) const {
  ApiFailure out{
      ApiFailure::Kind::credentials, 0, fmt::format("the credential plugin {} {}", config_.exec->command, what), {}};
  out.hint = fmt::format("run it by hand to see what it says; {}", path_words());
  if (!config_.exec->install_hint.empty()) out.hint += "; " + safe_line(config_.exec->install_hint, 600);
  return out;
}

asio::awaitable<std::expected<ExecPluginSource::Current, ApiFailure>> ExecPluginSource::current() {
  bool waited = false;
  while (running_) {
    const auto over = run_is_over_.lock();
    if (!over) break;
    co_await over->async_wait(asio::as_tuple(asio::use_awaitable));
    waited = true;
  }
  // Whoever waited for a run shares its failure; only who comes later tries again.
  if (waited && !credential_ && last_failure_) co_return std::unexpected(*last_failure_);
  if (credential_ && credential_->expires && *credential_->expires <= wall_now()) credential_.reset();
  if (!credential_) {
    running_ = true;
    const auto over =
        std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    run_is_over_ = over;
    last_failure_ = co_await run();
    running_ = false;
    over->cancel();
  }
  if (!credential_) co_return std::unexpected(*last_failure_);
  co_return Current{&*credential_, generation_};
}

void ExecPluginSource::refused(std::uint64_t generation) {
  if (generation == generation_) credential_.reset();
}

asio::awaitable<std::optional<ApiFailure>> ExecPluginSource::run() {
  const ExecPlugin& plugin = *config_.exec;
  ProgramSpec spec;
  const bool terminal = ::isatty(STDIN_FILENO) == 1;
  if (plugin.interactive == ExecPlugin::Interactive::always && !terminal) {
    co_return failure("wants to ask you something (interactiveMode: Always), but there is no terminal");
  }
  spec.interactive = terminal && plugin.interactive != ExecPlugin::Interactive::never;
  spec.command = plugin.command;
  spec.arguments = plugin.arguments;
  spec.environment = plugin.environment;
  spec.environment.emplace_back("KUBERNETES_EXEC_INFO", exec_info_json(config_, spec.interactive));
  spec.time_limit = spec.interactive ? interactive_time_limit : time_limit;
  Job job(spec);
  const ProgramResult result = co_await job.run();
  if (result.end != End::exited || result.status != 0) co_return failure(end_words(result, spec.time_limit));
  auto credential = parse_exec_credential(result.output, plugin.api_version);
  if (!credential) co_return failure(credential.error());
  if (credential->expires && *credential->expires <= wall_now()) {
    co_return failure("gave a credential that has expired already; check this machine's clock");
  }
  credential_ = *std::move(credential);
  ++generation_;
  co_return std::nullopt;
}

}  // namespace surgeproof::k8s
