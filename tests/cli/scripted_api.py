"""An API server of canned answers: what a client must live with that the embedded cluster never does."""
import http.server
import json
import threading
import urllib.parse


class ScriptedApi:
    """`answers`: path without query -> (status, object). Everything else is 404. Rights: `denied` holds
    (resource, verb) pairs that a SelfSubjectAccessReview refuses."""

    def __init__(self, answers, denied=()):
        self.answers = dict(answers)
        self.denied = set(denied)
        script = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                path = urllib.parse.urlsplit(self.path).path
                status, body = script.answers.get(path, (404, status_body(404, "not found")))
                self.answer(status, body)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self.path.endswith("/selfsubjectaccessreviews"):
                    return self.answer(404, status_body(404, "not found"))
                asked = body["spec"]["resourceAttributes"]
                refused = (asked["resource"], asked["verb"]) in script.denied
                self.answer(201, dict(body, status={"allowed": not refused, "reason": "" if refused else "RBAC"}))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join(timeout=60)
        self.server.server_close()

    def kubeconfig(self) -> str:
        return f"""\
apiVersion: v1
kind: Config
clusters: [{{name: c, cluster: {{server: "http://127.0.0.1:{self.server.server_address[1]}"}}}}]
contexts: [{{name: c, context: {{cluster: c, user: u, namespace: todo}}}}]
users: [{{name: u, user: {{}}}}]
current-context: c
"""


def status_body(code, message):
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}


def forbidden(resource):
    return 403, status_body(403, f'{resource} is forbidden: User "u" cannot list resource "{resource}"')


HPA = {
    "metadata": {"name": "web", "namespace": "todo"},
    "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 5,
             "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]},
    "status": {"currentReplicas": 2, "desiredReplicas": 2,
               "currentMetrics": [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 35}}}],
               "conditions": [{"type": "ScalingActive", "status": "True", "reason": "ValidMetricFound", "message": ""}]},
}
DEPLOYMENT = {
    "metadata": {"name": "web", "namespace": "todo"},
    "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}},
             "template": {"metadata": {"labels": {"app": "web"}},
                          "spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "200m"}, "limits": {"cpu": "400m"}},
                                                   "readinessProbe": {"periodSeconds": 5},
                                                   "lifecycle": {"preStop": {"sleep": {"seconds": 10}}}}]}}},
    "status": {"replicas": 2, "readyReplicas": 2, "updatedReplicas": 2},
}
POD = {"metadata": {"name": "web-a", "namespace": "todo", "creationTimestamp": "2026-01-01T00:00:00Z"}, "spec": {"nodeName": "n1"},
       "status": {"phase": "Running",
                  "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:04Z"}]}}


def usual():
    """A small cluster as a namespaced reader sees it: no nodes, no quotas, no metrics."""
    return {
        "/version": (200, {"gitVersion": "v1.34.0"}),
        "/apis/autoscaling/v2/namespaces/todo/horizontalpodautoscalers": (200, {"items": [HPA]}),
        "/apis/apps/v1/namespaces/todo/deployments/web": (200, DEPLOYMENT),
        "/api/v1/namespaces/todo/pods": (200, {"items": [POD, POD]}),
        "/api/v1/namespaces/todo/resourcequotas": forbidden("resourcequotas"),
        "/api/v1/namespaces/todo/limitranges": forbidden("limitranges"),
        "/api/v1/nodes": forbidden("nodes"),
        "/apis/metrics.k8s.io/v1beta1": (200, {"resources": []}),
        "/apis/metrics.k8s.io/v1beta1/namespaces/todo/pods": forbidden("pods.metrics.k8s.io"),
    }
