package main

import "sync"

// sender sends what a command prints: its two streams come at once, and a call's stream takes one message at a time.
type sender[Response any] struct {
	mutex  sync.Mutex
	stream interface{ Send(*Response) error }
}

func (s *sender[Response]) send(response *Response) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.stream.Send(response)
}

func (s *sender[Response]) as(response func([]byte) *Response) writer {
	return func(chunk []byte) (int, error) {
		if err := s.send(response(append([]byte{}, chunk...))); err != nil {
			return 0, err
		}
		return len(chunk), nil
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(chunk []byte) (int, error) { return w(chunk) }
