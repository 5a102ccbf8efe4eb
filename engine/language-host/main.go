// A stand-in for Pulumi's Node.js language host, for places where the official bundle cannot be downloaded and the CLI was
// built from source: the host's own Go module is not served by the module proxy. It runs programs, dynamic providers and
// policy packs, and installs and lists dependencies; it generates no code.
//
// See https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

const hostVersion = "0.3.0-stand-in"

// The engine's own address comes with the command line; the handshake repeats it.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engineAddress string
	children      *children
	// Programs run until it ends, by interrupt.
	programs  context.Context
	interrupt context.CancelFunc
}

func main() {
	programs, interrupt := context.WithCancel(context.Background())
	h := &host{children: &children{}, programs: programs, interrupt: interrupt}
	for _, argument := range os.Args[1:] {
		if argument[0] != '-' {
			h.engineAddress = argument
			break
		}
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		h.leave()
	}()
	// The engine holds our stdin open for as long as it lives: its end means nobody is left to serve.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		h.leave()
	}()

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, h)
			return nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d\n", handle.Port)
	if err := <-handle.Done; err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (h *host) leave() {
	h.children.stop()
	os.Exit(0)
}

func (h *host) Handshake(_ context.Context, request *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	if address := request.GetEngineAddress(); address != "" {
		h.engineAddress = address
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: hostVersion}, nil
}

func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// Cancel interrupts the programs, as Ctrl-C would: the engine calls it when an update is to stop.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.interrupt()
	return &emptypb.Empty{}, nil
}
