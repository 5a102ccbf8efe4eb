package main

import (
	"os/exec"
	"sync"
	"syscall"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// children are the processes under way, which end with the host.
type children struct {
	mutex   sync.Mutex
	running map[*exec.Cmd]bool
}

// run starts a command and waits for its end. A cancelled call asks it to end.
func (c *children) run(command *exec.Cmd) error {
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	c.mutex.Lock()
	err := command.Start()
	if err == nil {
		if c.running == nil {
			c.running = map[*exec.Cmd]bool{}
		}
		c.running[command] = true
	}
	c.mutex.Unlock()
	if err != nil {
		return err
	}
	err = command.Wait()
	c.mutex.Lock()
	delete(c.running, command)
	c.mutex.Unlock()
	return err
}

func (c *children) stop() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for command := range c.running {
		_ = command.Process.Signal(syscall.SIGTERM)
	}
}

// sender sends what a plugin prints: its two streams come at once, and a call's stream takes one message at a time.
type sender struct {
	mutex  sync.Mutex
	stream pulumirpc.LanguageRuntime_RunPluginServer
}

func (s *sender) send(response *pulumirpc.RunPluginResponse) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.stream.Send(response)
}

func (s *sender) as(response func([]byte) *pulumirpc.RunPluginResponse) writer {
	return func(chunk []byte) (int, error) {
		if err := s.send(response(append([]byte{}, chunk...))); err != nil {
			return 0, err
		}
		return len(chunk), nil
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(chunk []byte) (int, error) { return w(chunk) }
