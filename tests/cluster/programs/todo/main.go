// todo is the application under test: tasks in memory, CPU burnt on purpose, and a choice of manners when it starts
// and ends. All of it is set by the environment:
//
//	LISTEN        ":8080"
//	POD           sent back as X-Pod with every answer
//	BURN          "4ms"    CPU time (not wall time) that one request costs, so that a throttled pod gets slow
//	WARM_UP       "0s"     after the start; requests meanwhile are answered 503
//	PROBE         "true"   GET /api/health tells of the warm-up; "false": it says healthy at once (premature readiness)
//	ON_SIGTERM    "drain"  drain: serve on for DRAIN and ask clients to leave (Connection: close), finish, exit;
//	              "finish" stop listening at once, finish what is open, exit; "exit": exit at once
//	DRAIN         "5s"
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

type settings struct {
	listen, pod, onSigterm string
	burn, warmUp, drain    time.Duration
	honestProbe            bool
}

func text(name, standard string) string {
	if value, set := os.LookupEnv(name); set {
		return value
	}
	return standard
}

func duration(name, standard string) time.Duration {
	value, err := time.ParseDuration(text(name, standard))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	return value
}

func fromEnvironment() settings {
	s := settings{
		listen: text("LISTEN", ":8080"), pod: text("POD", "unnamed"), onSigterm: text("ON_SIGTERM", "drain"),
		burn: duration("BURN", "4ms"), warmUp: duration("WARM_UP", "0s"), drain: duration("DRAIN", "5s"),
		honestProbe: text("PROBE", "true") == "true",
	}
	switch s.onSigterm {
	case "drain", "finish", "exit":
	default:
		log.Fatalf("ON_SIGTERM: %q is none of drain, finish, exit", s.onSigterm)
	}
	return s
}

type server struct {
	settings
	warmAt   time.Time
	draining atomic.Bool
	answers  [6]atomic.Int64 // by the first digit of the status
	tasks    taskList
}

func (s *server) warm() bool { return !time.Now().Before(s.warmAt) }

// withManners puts around every route what all have in common.
func (s *server) withManners(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		w.Header().Set("X-Pod", s.pod)
		if s.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(counted, r)
		s.answers[counted.status/100].Add(1)
	})
}

// work is a handler that costs CPU, and does not answer before the application is warm.
func (s *server) work(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.warm() {
			fail(w, http.StatusServiceUnavailable, "still warming up")
			return
		}
		burn(s.burn)
		handle(w, r)
	}
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.work(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "todo, served by %s\n", s.pod)
	}))
	mux.HandleFunc("GET /api/tasks", s.work(s.tasks.list))
	mux.HandleFunc("POST /api/tasks", s.work(s.tasks.create))
	mux.HandleFunc("GET /api/health", func(w http.ResponseWriter, _ *http.Request) {
		if s.honestProbe && !s.warm() {
			fail(w, http.StatusServiceUnavailable, "still warming up")
			return
		}
		reply(w, http.StatusOK, map[string]string{"status": "healthy"})
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "# TYPE todo_answers_total counter")
		for class := 2; class < len(s.answers); class++ {
			fmt.Fprintf(w, "todo_answers_total{class=\"%dxx\"} %d\n", class, s.answers[class].Load())
		}
	})
	return s.withManners(mux)
}

// end does what ON_SIGTERM says.
func (s *server) end(listening *http.Server) {
	log.Printf("told to end: %s", s.onSigterm)
	switch s.onSigterm {
	case "exit":
		os.Exit(0)
	case "drain":
		s.draining.Store(true)
		time.Sleep(s.drain)
	}
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := listening.Shutdown(patience); err != nil {
		log.Printf("not all requests were finished: %v", err)
	}
}

func main() {
	s := &server{settings: fromEnvironment()}
	s.warmAt = time.Now().Add(s.warmUp)
	listening := &http.Server{Addr: s.listen, Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}

	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	ended := make(chan struct{})
	go func() {
		<-told
		s.end(listening)
		close(ended)
	}()
	log.Printf("%s serves on %s, %v of CPU a request, SIGTERM: %s", s.pod, s.listen, s.burn, s.onSigterm)
	if err := listening.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-ended
}
