package main

import (
	"log"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the CPU time that the calling thread has used.
func threadTime() time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		log.Fatal(err)
	}
	return time.Duration(used.Nano())
}

// burn uses so much CPU time. It must stay on its thread, whose clock it reads.
func burn(cost time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for until := threadTime() + cost; threadTime() < until; {
	}
}
