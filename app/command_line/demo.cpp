// demo, demo cluster.
#include "app/command_line/command_line.h"
#include "app/command_line/flags.h"
#include "app/commands/commands.h"
#include "k8s/demo/demo_options.h"

namespace surgeproof {

namespace {

void add_demo_flags(CLI::App& command, DemoCommandOptions& o) {
  std::string names = demo::break_names();
  std::erase(names, ' ');
  command.add_option("--break", o.break_what, "Something that goes wrong")->type_name('{' + names + '}');
  command.add_flag("--realistic", o.realistic, "Kubernetes' own time constants: about ten minutes instead of one");
  command.add_option("--api-port", o.api_port, "Port of the API server; default: any free one");
  command.add_option("--service-port", o.service_port, "Port of the service; default: any free one");
  command.add_option("--kubeconfig", o.kubeconfig, "Where to write the cluster's kubeconfig")->type_name("FILE");
}

}  // namespace

void add_demo_commands(CommandLine& line) {
  auto* demo = line.app.add_subcommand(
      "demo",
      "The main job against an embedded cluster on loopback\n\n"
      "  surgeproof demo                          a minute; every criterion passes\n"
      "  surgeproof demo --break no-prestop       requests are dropped while scaling down; exit code 1\n"
      "  surgeproof demo --live                   and a page in your browser that follows the run\n"
      "  surgeproof demo cluster                  only the cluster, for kubectl and scenarios of your own\n\n"
      "Nothing but this program is needed: a real API, a real HPA loop and real HTTP pods, all on loopback.");
  demo->require_subcommand(0, 1);
  auto& o = line.command<DemoCommandOptions>(*demo, demo_command);
  add_demo_flags(*demo, o);
  add_session_flags(*demo, o.session);
  add_audience_flags(*demo, o.session.audience);
  auto* cluster =
      demo->add_subcommand("cluster",
                           "Only the cluster, for kubectl and for scenarios of your own\n\n"
                           "  surgeproof demo cluster --kubeconfig demo.kubeconfig\n"
                           "  kubectl --kubeconfig demo.kubeconfig get hpa,pods -w      in another terminal\n\n"
                           "Stands until Ctrl-C.");
  add_demo_flags(*cluster, line.command<DemoCommandOptions>(*cluster, demo_cluster_command));
}

}  // namespace surgeproof
