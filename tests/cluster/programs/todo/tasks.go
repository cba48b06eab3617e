package main

import (
	"encoding/json"
	"net/http"
	"sync"
)

const keptTasks = 200

type task struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
}

// taskList holds the latest tasks of this pod; there is no database behind it.
type taskList struct {
	mutex sync.Mutex
	last  int
	kept  []task
}

func (l *taskList) list(w http.ResponseWriter, _ *http.Request) {
	l.mutex.Lock()
	tasks := append([]task{}, l.kept...)
	l.mutex.Unlock()
	reply(w, http.StatusOK, tasks)
}

func (l *taskList) create(w http.ResponseWriter, r *http.Request) {
	var wanted task
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&wanted); err != nil || wanted.Title == "" {
		fail(w, http.StatusBadRequest, "a task is a JSON object with a title")
		return
	}
	l.mutex.Lock()
	l.last++
	wanted.ID = l.last
	l.kept = append(l.kept, wanted)
	if len(l.kept) > keptTasks {
		l.kept = l.kept[len(l.kept)-keptTasks:]
	}
	l.mutex.Unlock()
	reply(w, http.StatusCreated, wanted)
}
