#include "k8s/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

extern "C" char** environ;

namespace surgeproof::k8s {
namespace {

using Clock = std::chrono::steady_clock;
using End = ProgramResult::End;

constexpr std::size_t kKeptErrors = 4096;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> environment_of(const ProgramSpec& spec) {
  std::vector<std::string> out;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('='));
    const bool replaced = std::ranges::any_of(spec.environment, [&](const auto& e) { return e.first == name; });
    if (!replaced) out.emplace_back(text);
  }
  for (const auto& [name, value] : spec.environment) {
    const bool again = std::ranges::any_of(out, [&](const auto& e) { return e.starts_with(name + "="); });
    if (again) std::erase_if(out, [&](const auto& e) { return e.starts_with(name + "="); });
    out.push_back(name + "=" + value);
  }
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// The child's id, or the error number.
struct Spawned {
  pid_t child = -1;
  int error = 0;
};

Spawned spawn(const ProgramSpec& spec, const Pipe& out, const Pipe* errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!spec.interactive) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
  if (errors) posix_spawn_file_actions_adddup2(&actions, errors->write.get(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  // A group of its own, so that what it starts can be ended with it. An interactive one must stay in the terminal's.
  if (!spec.interactive) flags = static_cast<short>(flags | POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setflags(&attributes, flags);
  std::vector<std::string> words{spec.command};
  words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<std::string> variables = environment_of(spec);
  Spawned result;
  result.error = posix_spawnp(&result.child, spec.command.c_str(), &actions, &attributes, pointers(words).data(),
                              pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

/// Reads once; closes at the end of the stream.
void drain(Descriptor& from, std::string& into) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
  if (got > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    from.reset();
  }
}

/// A program that is being read. What it leaves behind in the background may hold its pipes open: its own end counts.
class Run {
 public:
  Run(const ProgramSpec& spec, pid_t child, Descriptor out, Descriptor errors)
      : spec_(spec), child_(child), out_(std::move(out)), errors_(std::move(errors)) {}

  ProgramResult follow(int cancel_fd) {
    const auto deadline = Clock::now() + spec_.time_limit;
    while (!reaped()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return kill(End::timed_out);
      // Its end is seen by the pipes' end as a rule, and within 20 ms otherwise.
      std::array<pollfd, 3> wanted{{{out_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}, {cancel_fd, POLLIN, 0}}};
      const bool reading = out_.open() || errors_.open();
      ::poll(wanted.data(), wanted.size(), static_cast<int>(std::min<std::int64_t>(left.count(), reading ? 20 : 5)));
      if (cancel_fd >= 0 && wanted[2].revents != 0) return kill(End::cancelled);
      read(wanted[0].revents != 0, wanted[1].revents != 0);
      if (result_.output.size() > spec_.max_output) return kill(End::too_long);
    }
    finish_reading();
    if (result_.output.size() > spec_.max_output) result_.end = End::too_long;
    return std::move(result_);
  }

 private:
  void read(bool out_ready, bool errors_ready) {
    if (out_.open() && out_ready) drain(out_, result_.output);
    if (errors_.open() && errors_ready) {
      drain(errors_, result_.errors);
      if (result_.errors.size() > kKeptErrors) result_.errors.erase(0, result_.errors.size() - kKeptErrors);
    }
  }

  /// What lies in the pipes already.
  void finish_reading() {
    while (result_.output.size() <= spec_.max_output) {
      std::array<pollfd, 2> wanted{{{out_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};
      if (!(out_.open() || errors_.open()) || ::poll(wanted.data(), wanted.size(), 0) <= 0) return;
      read(wanted[0].revents != 0, wanted[1].revents != 0);
    }
  }

  bool reaped() {
    int status = 0;
    const pid_t got = ::waitpid(child_, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) return false;
    result_.end = WIFSIGNALED(status) ? End::signalled : End::exited;
    result_.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }

  ProgramResult kill(End why) {
    ::kill(spec_.interactive ? child_ : -child_, SIGKILL);
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    result_.end = why;
    result_.output.clear();
    return std::move(result_);
  }

  const ProgramSpec& spec_;
  pid_t child_;
  Descriptor out_;
  Descriptor errors_;
  ProgramResult result_;
};

}  // namespace

ProgramResult run_program(const ProgramSpec& spec, int cancel_fd) {
  const auto refuse = [](int number) {
    ProgramResult out;
    out.end = End::not_found;
    out.error = std::generic_category().message(number);
    return out;
  };
  auto out = make_pipe();
  auto errors = make_pipe();
  if (!out || !errors) return refuse(errno);
  const Spawned spawned = spawn(spec, *out, spec.interactive ? nullptr : &*errors);
  if (spawned.error != 0) return refuse(spawned.error);
  out->write.reset();
  errors->write.reset();
  return Run(spec, spawned.child, std::move(out->read), std::move(errors->read)).follow(cancel_fd);
}

}  // namespace surgeproof::k8s
