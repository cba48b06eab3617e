#include "app/run/direct_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace surgeproof {
namespace {

using loadgen::PodAddress;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

EndpointSliceSample slice(const std::string& name, std::vector<Endpoint> endpoints,
                          std::vector<EndpointPort> ports = {{"", 8080}}) {
  EndpointSliceSample s;
  s.ns = "todo";
  s.service = "backend";
  s.slice = name;
  s.endpoints = std::move(endpoints);
  s.ports = std::move(ports);
  return s;
}

DirectAddresses wanting(int port = 0, const std::string& port_name = "") {
  return {{.ns = "", .service = "backend", .port = port, .port_name = port_name, .place = {}}, "todo"};
}

TEST(DirectAddresses, OnlyReadyPodsAndOnlyChangesAreNews) {
  DirectAddresses a = wanting();
  EXPECT_TRUE(a.take(slice("s", {{"10.0.0.1", "a", true, true, false},
                                 {"10.0.0.2", "b", false, false, false},
                                 {"10.0.0.3", "c", false, true, true},
                                 {"10.0.0.4", "d", true, true, true}})));
  EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"10.0.0.1:8080", "a"}));
  EXPECT_FALSE(a.take(slice("s", {{"10.0.0.1", "a"}, {"10.0.0.2", "b", false, false, false}})));
  EXPECT_TRUE(a.take(slice("s", {{"10.0.0.1", "a"}, {"10.0.0.2", "b"}})));
  EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"10.0.0.1:8080", "a"}, PodAddress{"10.0.0.2:8080", "b"}));
  EXPECT_TRUE(a.take(slice("s", {{"10.0.0.2", "b"}})));
  EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"10.0.0.2:8080", "b"}));
  EXPECT_EQ(a.service(), "todo/backend");
}

TEST(DirectAddresses, SeveralSlicesAreOneService) {
  DirectAddresses a = wanting();
  a.take(slice("s1", {{"10.0.0.1", "a"}}));
  a.take(slice("s2", {{"10.0.0.2", "b"}}));
  EXPECT_EQ(a.addresses().size(), 2u);
  EndpointSliceSample gone = slice("s1", {{"10.0.0.1", "a"}});
  gone.deleted = true;
  EXPECT_TRUE(a.take(gone));
  EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"10.0.0.2:8080", "b"}));
  EndpointSliceSample other = slice("s3", {{"10.0.0.3", "c"}});
  other.service = "frontend";
  EXPECT_FALSE(a.take(other));
  other = slice("s3", {{"10.0.0.3", "c"}});
  other.ns = "shop";
  EXPECT_FALSE(a.take(other));
}

TEST(DirectAddresses, APodWithBothFamiliesIsOnePod) {
  for (const bool ipv6_first : {false, true}) {
    DirectAddresses a = wanting();
    a.take(slice(ipv6_first ? "s1" : "s2", {{"fd00::1", "a"}, {"fd00::2", "b"}}));
    EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"[fd00::1]:8080", "a"}, PodAddress{"[fd00::2]:8080", "b"}));
    a.take(slice(ipv6_first ? "s2" : "s1", {{"10.0.0.1", "a"}}));
    EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{"10.0.0.1:8080", "a"}, PodAddress{"[fd00::2]:8080", "b"}));
  }
}

TEST(DirectAddresses, AnEndpointWithoutAPodIsAnAddressAllTheSame) {
  DirectAddresses a = wanting();
  a.take(slice("s", {{"192.0.2.7", ""}, {"192.0.2.8", ""}}));
  EXPECT_EQ(a.addresses().size(), 2u);
}

TEST(DirectAddresses, ThePortIsTheServicesUnlessSaidOtherwise) {
  const std::vector<EndpointPort> two{{"http", 8080}, {"metrics", 9090}};
  const std::vector<Endpoint> ready{{"10.0.0.1", "a"}};
  struct Row {
    int port;
    const char* name;
    std::vector<EndpointPort> ports;
    const char* address;
    const char* trouble;
  };
  for (const Row& row : {
           Row{0, "", {{"", 8080}}, "10.0.0.1:8080", ""},
           Row{0, "", {{"http", 80}}, "10.0.0.1:80", ""},
           Row{0, "", two, "", "Service todo/backend has several ports or none (http 8080, metrics 9090)"},
           Row{0, "", {}, "", "has several ports or none (none); say which with connections.direct.port"},
           Row{0, "metrics", two, "10.0.0.1:9090", ""},
           Row{0, "grpc", two, "", "has no port \"grpc\"; connections.direct.port may be one of: http 8080, metrics"},
           Row{1234, "", two, "10.0.0.1:1234", ""},
           Row{1234, "", {}, "10.0.0.1:1234", ""},
       }) {
    DirectAddresses a = wanting(row.port, row.name);
    EXPECT_EQ(a.take(slice("s", ready, row.ports)), *row.address != '\0');
    if (*row.address == '\0') {
      EXPECT_THAT(a.addresses(), IsEmpty());
      EXPECT_THAT(a.trouble(), HasSubstr(row.trouble));
    } else {
      EXPECT_THAT(a.addresses(), ElementsAre(PodAddress{row.address, "a"}));
      EXPECT_EQ(a.trouble(), "");
    }
    a.take(slice("s", {}, row.ports));
    EXPECT_EQ(a.trouble(), "") << "nothing is ready: no port is needed";
  }
}

}  // namespace
}  // namespace surgeproof
