// A real kubectl against the server: what people do by hand. Skipped, loudly, where there is none.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "k8s/demo/api/api_server.h"
#include "tests/k8s/demo/api/fixture.h"

namespace surgeproof::demo {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

struct Ran {
  int status = 0;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {127, "popen failed"};
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) ran.output += piece.data();
  ran.status = ::pclose(pipe);
  return ran;
}

/// $SURGEPROOF_KUBECTL, or the one in PATH; empty: none.
std::string find_kubectl() {
  if (const char* named = std::getenv("SURGEPROOF_KUBECTL")) return named;
  return run("command -v kubectl").status == 0 ? "kubectl" : "";
}

struct KubectlTest : ::testing::Test {
  asio::io_context io{1};
  Fixture cluster;
  ApiServer server{io, cluster.store};
  std::thread thread;
  std::filesystem::path folder;
  std::string kubectl = find_kubectl();

  void SetUp() override {
    if (kubectl.empty()) GTEST_SKIP() << "NO kubectl IN PATH: the demo cluster's API was NOT tried with a real client";
    std::string pattern = (std::filesystem::temp_directory_path() / "surgeproof-kubectl-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    cluster.with_cluster();
    const auto port = server.listen("127.0.0.1", 0);
    ASSERT_TRUE(port);
    std::ofstream(folder / "config") << make_kubeconfig("demo", fmt::format("http://127.0.0.1:{}", *port), "todo");
    thread = std::thread([this] { io.run(); });
  }
  void TearDown() override {
    if (!thread.joinable()) return;
    asio::post(io, [this] { server.stop(); });
    thread.join();
    std::filesystem::remove_all(folder);
  }

  std::string ask(const std::string& arguments, bool well = true) {
    const Ran ran = run(fmt::format("HOME={0} KUBECACHEDIR={0}/cache KUBECONFIG={0}/config timeout 30 {1} {2}",
                                    folder.string(), kubectl, arguments));
    EXPECT_EQ(ran.status == 0, well) << arguments << "\n" << ran.output;
    return ran.output;
  }
};

TEST_F(KubectlTest, ReadsEverything) {
  const std::string all = ask("get hpa,deploy,rs,pods,endpointslices,svc,events -o wide");
  EXPECT_THAT(all, HasSubstr("Deployment/backend"));
  EXPECT_THAT(all, HasSubstr("35%/70%"));
  EXPECT_THAT(all, HasSubstr("backend-7d4b9c-aaaaa"));
  EXPECT_THAT(ask("get hpa backend -o yaml"), HasSubstr("apiVersion: autoscaling/v2"));
  EXPECT_THAT(ask("describe hpa backend"), HasSubstr("Max replicas:"));
  EXPECT_THAT(ask("describe pod backend-7d4b9c-aaaaa"), HasSubstr("Controlled By:"));
  EXPECT_THAT(ask("top pods"), HasSubstr("35m"));
  EXPECT_THAT(ask("top nodes"), HasSubstr("70m"));
  ask("logs backend-7d4b9c-aaaaa");
  EXPECT_THAT(ask("get pods nothing", false), HasSubstr("pods \"nothing\" not found"));
}

TEST_F(KubectlTest, Edits) {
  ask("scale deployment backend --replicas=3");
  EXPECT_EQ(ask("get deploy backend -o jsonpath={.spec.replicas}"), "3");
  ask("patch hpa backend -p '{\"spec\":{\"maxReplicas\":7}}'");
  ask("patch hpa backend --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/minReplicas\",\"value\":3}]'");
  EXPECT_EQ(ask("get hpa backend -o 'jsonpath={.spec.minReplicas} {.spec.maxReplicas}'"), "3 7");
  EXPECT_THAT(ask("patch hpa backend --type=merge -p '{\"spec\":{\"maxReplicas\":1}}'", false),
              HasSubstr("must be greater than or equal to `minReplicas`"));
  ask("annotate hpa backend note=x");
  ask("label deployment backend tier=web");
  ask("rollout restart deployment/backend");
  EXPECT_THAT(ask("get deploy backend -o yaml"), HasSubstr("kubectl.kubernetes.io/restartedAt"));
  std::ofstream(folder / "edit.sh") << "sed -i 's/maxReplicas: 7/maxReplicas: 8/' \"$1\"\n";
  setenv("KUBE_EDITOR", fmt::format("sh {}/edit.sh", folder.string()).c_str(), 1);
  ask("edit hpa backend");
  EXPECT_EQ(ask("get hpa backend -o jsonpath={.spec.maxReplicas}"), "8");
}

TEST_F(KubectlTest, AppliesAndDeletes) {
  std::ofstream(folder / "hpa.yaml") << "apiVersion: autoscaling/v2\n"
                                        "kind: HorizontalPodAutoscaler\n"
                                        "metadata: {name: backend, namespace: todo}\n"
                                        "spec:\n"
                                        "  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: backend}\n"
                                        "  minReplicas: 2\n"
                                        "  maxReplicas: 9\n"
                                        "  behavior: {scaleDown: {stabilizationWindowSeconds: 60}}\n";
  const std::string file = (folder / "hpa.yaml").string();
  EXPECT_THAT(ask("apply -f " + file), HasSubstr("configured"));
  EXPECT_THAT(ask("apply -f " + file), HasSubstr("unchanged"));
  EXPECT_EQ(ask("get hpa backend -o jsonpath={.spec.behavior.scaleDown.stabilizationWindowSeconds}"), "60");
  EXPECT_THAT(ask("apply --server-side -f " + file, false), HasSubstr("server-side apply is not supported"));
  ask("delete pod backend-7d4b9c-aaaaa --wait=false");
  EXPECT_THAT(ask("get pods"), HasSubstr("Terminating"));
  ask("delete pod backend-7d4b9c-aaaaa --force --grace-period=0");
  ask("delete hpa backend");
  EXPECT_THAT(ask("get hpa"), HasSubstr("No resources found"));
}

}  // namespace
}  // namespace surgeproof::demo
