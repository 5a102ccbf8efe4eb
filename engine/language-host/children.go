package main

import (
	"os/exec"
	"sync"
	"syscall"
)

// children are the processes under way, which end with the host.
type children struct {
	mutex   sync.Mutex
	running map[*exec.Cmd]bool
}

// run starts a command and waits for its end.
func (c *children) run(command *exec.Cmd) error {
	if err := c.start(command); err != nil {
		return err
	}
	defer c.forget(command)
	return command.Wait()
}

// start starts a command.
func (c *children) start(command *exec.Cmd) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err := command.Start(); err != nil {
		return err
	}
	if c.running == nil {
		c.running = map[*exec.Cmd]bool{}
	}
	c.running[command] = true
	return nil
}

// forget drops a command that has ended.
func (c *children) forget(command *exec.Cmd) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	delete(c.running, command)
}

func (c *children) stop() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for command := range c.running {
		_ = command.Process.Signal(syscall.SIGTERM)
	}
}
