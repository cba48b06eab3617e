// Writes the sample runs in the formats that other programs read, for the tests in Python and in the browser:
//   write_sample_reports DIRECTORY
#include <fstream>
#include <iostream>
#include <string>
#include <utility>

#include "reports/chat.h"
#include "reports/formats.h"
#include "tests/reports/hostile_report.h"
#include "tests/reports/simulation_story.h"
#include "tests/reports/surge_run.h"

namespace {

using namespace surgeproof::reports;

// Text as a cluster could send it, and a tool that is not well.
RecordedRun hostile_run() {
  RecordedRun run = surge_run();
  run.verdict.findings[1].sentence = "a < b && \"c\" ]]> \x01 \xff";
  run.verdict.findings.push_back(run.verdict.findings[0]);  // the same rule twice
  run.verdict.health[1].status = surgeproof::Status::fail;
  return run;
}

// A second HPA of which little was seen: no metric, no pod.
RecordedRun pair_run() {
  RecordedRun run = surge_run();
  surgeproof::HpaTrack second = run.timeline.hpas[0];
  second.name = "frontend";
  second.target.name = "frontend";
  second.metrics[0].current = {};
  run.timeline.hpas.push_back(second);
  return run;
}

// What the scenario did to the cluster: two at nearly the same time, one in vain, one at the very end.
RecordedRun acted_run() {
  RecordedRun run = surge_run();
  const auto add = [&](const char* name, std::chrono::seconds at, surgeproof::ActionSample::State state) {
    surgeproof::ActionSample a;
    a.name = name;
    a.kind = "delete_pod";
    a.what = "delete pod todo-a";
    a.state = state;
    a.begun = a.ended = *run.timeline.load_started + at;
    a.object = {"Pod", "todo", "todo-a"};
    run.timeline.actions.push_back(a);
  };
  using State = surgeproof::ActionSample::State;
  add("deploy", std::chrono::seconds{30}, State::done);
  add("delete the oldest pod of todo", std::chrono::seconds{33}, State::done);
  add("scale by hand", std::chrono::seconds{300}, State::refused);
  add("late <restart>", std::chrono::seconds{715}, State::done);
  return run;
}

bool write_all(const std::string& stem, const Report& report) {
  bool good = true;
  for (const Format& format : formats()) {
    const std::string_view file = format.file_name.empty() ? format.name : format.file_name;
    std::ofstream out(stem + "." + std::string(file), std::ios::binary);
    format.write(report, out);
    good &= static_cast<bool>(out.flush());
  }
  std::ofstream chat(stem + ".chat.json", std::ios::binary);
  chat << chat_message(report, "https://ci.example.com/42");
  return good && static_cast<bool>(chat.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_sample_reports DIRECTORY\n";
    return 2;
  }
  bool good = true;
  for (const auto& [name, run] : {std::pair{"surge", &surge_run},
                                  {"long", &long_run},
                                  {"empty", &empty_run},
                                  {"hostile", &hostile_run},
                                  {"watched", &watched_run},
                                  {"acted", &acted_run},
                                  {"pair", &pair_run}}) {
    Report report = report_of(run());
    if (name == std::string_view{"surge"}) report = with_decisions(std::move(report));
    good &= write_all(std::string(argv[1]) + "/" + name, report);
  }
  good &= write_all(std::string(argv[1]) + "/nasty", hostile_report());
  Report huge = hostile_report(100);
  huge.hpas.resize(15, huge.hpas.front());
  good &= write_all(std::string(argv[1]) + "/huge", huge);
  std::ofstream simulation(std::string(argv[1]) + "/simulation.html", std::ios::binary);
  write_simulation_page(simulated_story(), simulation);
  good &= static_cast<bool>(simulation.flush());
  return good ? 0 : 1;
}
