#include "tests/reports/simulation_story.h"

namespace surgeproof::reports {

SimulationPage simulated_story() {
  using enum SimulationPage::Outlook::Status;
  SimulationPage page;
  page.title = "HPA shop/web: recorded against simulated";
  page.sentences = {"Changed: maxReplicas=8.", "Syncs every 15s; samples over 14s every 15s, served 1s later.",
                    "A name from a cluster: <script>alert(1)</script> & more."};
  page.end_s = 600;
  page.replicas = {{"recorded", {{0, 2}, {93, 5}, {560, 2}}, false},
                   {"simulated as it is", {{0, 2}, {95, 5}, {560, 2}}, true},
                   {"simulated", {{0, 2}, {80, 6}, {110, 8}, {540, 2}}, false}};
  page.load = {"load", {{0, 20}, {60, 400}, {240, 20}}, false};
  page.columns = {"recorded", "as it is", "simulated"};
  page.rows = {{"time to 5 ready pods", {"33s", "35s", "20s"}},
               {"replica-seconds", {"2570", "2561", "3410"}},
               {"cost, EUR", {"0.0714", "0.0711", "0.0947"}}};
  page.outlook_sentence = "2 of 4 criteria would be met, 1 cannot be told from a simulation.";
  page.outlooks = {
      {"scale up: web has 5 ready pods within 30s of surge", {not_met, "not met, 35s"}, {met, "met, 20s"}, ""},
      {"p99 latency is at most 1s during the scaling phase",
       {not_met, "not met, 4.2s at worst"},
       {met, "met, 310ms at worst"},
       "a pod at rest and the wait for a pod; what else slows requests is not simulated"},
      {"web wants at most 6 replicas over the whole run",
       {met, "met, 2 ready at least, 5 wanted at most, 2 changes"},
       {not_met, "not met, 2 ready at least, 8 wanted at most, 3 changes"},
       ""},
      {"no line of app=web's logs holds \"ERROR\" & <b>",
       {cannot_be_told, "cannot be told"},
       {cannot_be_told, "cannot be told"},
       "a simulation has no logs"}};
  return page;
}

}  // namespace surgeproof::reports
