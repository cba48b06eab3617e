// pause keeps a pod's namespaces alive: it waits for the signal that ends the pod.
package main

import (
	"context"
	"os/signal"
	"syscall"
)

func main() {
	ended, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	<-ended.Done()
}
