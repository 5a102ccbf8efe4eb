package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
)

// The SDK ends with this code after it has told the user what went wrong: the engine must add nothing.
// https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/run/index.ts
const alreadyReported = 32

// An interrupted program has this long to end.
const patience = 5 * time.Second

// Run runs a program to its end. Its output goes through ours to the engine, which shows it as diagnostics.
func (h *host) Run(_ context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := configuration(request)
	if err != nil {
		return nil, err
	}
	directory := programDirectory(request)
	command, err := entryPoint(h.programs, directory, "run", request.GetInfo().GetOptions(), h.programArguments(request))
	if err != nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("%s: run 'pulumi install' there", err)}, nil
	}
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience
	command.Dir = request.GetPwd()
	command.Env = append(append(os.Environ(), command.Env...), config...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	var exit *exec.ExitError
	switch err := h.children.run(command); {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case !errors.As(err, &exit):
		return nil, err
	case exit.ExitCode() == alreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case exit.ExitCode() < 0:
		return &pulumirpc.RunResponse{Error: "Program was stopped: " + exit.String()}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}, nil
	}
}

// RunPlugin runs a policy pack or a provider plugin, and streams its output until it ends or the engine cancels the call.
func (h *host) RunPlugin(request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	directory := programDirectory(request)
	// A policy pack is told the engine's address, then where it lives; any other plugin the other way round.
	name, workingDirectory := "run-plugin", request.GetPwd()
	arguments := append([]string{directory}, request.GetArgs()...)
	if request.GetKind() == "analyzer" {
		name, workingDirectory = "run-policy-pack", directory
		arguments = append(append([]string{}, request.GetArgs()...), directory)
	}
	command, err := entryPoint(stream.Context(), directory, name, request.GetInfo().GetOptions(), arguments)
	if err != nil {
		return status.Errorf(codes.FailedPrecondition, "%s: run 'npm ci' there", err)
	}
	command.Dir = workingDirectory
	// The engine sends the whole environment; none means: ours.
	environment := request.GetEnv()
	if len(environment) == 0 {
		environment = os.Environ()
	}
	command.Env = append(append([]string{}, environment...), command.Env...)
	sender := &sender[pulumirpc.RunPluginResponse]{stream: stream}
	stdout := sender.as(func(chunk []byte) *pulumirpc.RunPluginResponse {
		return &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: chunk}}
	})
	command.Stdout = stdout
	command.Stderr = sender.as(func(chunk []byte) *pulumirpc.RunPluginResponse {
		return &pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: chunk}}
	})
	if request.GetKind() == "analyzer" {
		err = h.runPolicyPack(stream.Context(), command, stdout)
	} else {
		err = h.children.run(command)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	return sender.send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(command.ProcessState.ExitCode())}, //nolint:gosec
	})
}

// programDirectory is where the program or plugin lies.
func programDirectory(request interface {
	GetInfo() *pulumirpc.ProgramInfo
	GetPwd() string
}) string {
	if directory := request.GetInfo().GetProgramDirectory(); directory != "" {
		return directory
	}
	return request.GetPwd()
}

// entryPoint prepares one of the SDK's entry points (cmd/run, cmd/run-policy-pack, cmd/run-plugin), with the SDK that the program itself
// depends on. Its environment holds only what the options under `runtime:` add.
func entryPoint(ctx context.Context, directory, name string, options *structpb.Struct, arguments []string) (*exec.Cmd, error) {
	script, err := resolve(directory, filepath.Join("@pulumi", "pulumi", "cmd", name, "index.js"))
	if err != nil {
		return nil, err
	}
	fields := options.GetFields()
	nodeArguments := strings.Fields(fields["nodeargs"].GetStringValue())
	typescript, isSet := fields["typescript"]
	environment := []string{fmt.Sprintf("PULUMI_NODEJS_TYPESCRIPT=%t", !isSet || typescript.GetBoolValue())}
	if value := fields["tsconfig"].GetStringValue(); value != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+value)
	}
	command := exec.CommandContext(ctx, "node", append(append(nodeArguments, script), arguments...)...)
	command.Env = environment
	// A cancelled call asks it to end.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	return command, nil
}

// resolve finds a file of a package as Node does: in the node_modules of the directory and of those above it.
func resolve(directory, file string) (string, error) {
	// Node takes a module where it really lies.
	real, err := filepath.EvalSymlinks(directory)
	if err != nil {
		return "", err
	}
	for folder := real; ; folder = filepath.Dir(folder) {
		candidate := filepath.Join(folder, "node_modules", file)
		if found, err := filepath.EvalSymlinks(candidate); err == nil {
			return found, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("the Pulumi SDK is not installed in %s", directory)
		}
	}
}

func (h *host) programArguments(request *pulumirpc.RunRequest) []string {
	flags := []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", h.engineAddress},
		{"organization", request.GetOrganization()},
		{"project", request.GetProject()},
		{"stack", request.GetStack()},
		{"pwd", request.GetPwd()},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
		{"root-directory", request.GetInfo().GetRootDirectory()},
	}
	var arguments []string
	for _, flag := range flags {
		if flag.value != "" {
			arguments = append(arguments, "--"+flag.name, flag.value)
		}
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	program := request.GetInfo().GetEntryPoint()
	if program == "" {
		program = request.GetProgram()
	}
	if program == "" {
		program = "."
	}
	return append(append(arguments, program), request.GetArgs()...)
}

// configuration is what the SDK reads config from: the environment, with keys in their long form, `project:config:name`.
func configuration(request *pulumirpc.RunRequest) ([]string, error) {
	config := map[string]string{}
	for key, value := range request.GetConfig() {
		config[longKey(key)] = value
	}
	secret := []string{}
	for _, key := range request.GetConfigSecretKeys() {
		secret = append(secret, longKey(key))
	}
	values, err := jsonOf(config)
	if err != nil {
		return nil, err
	}
	keys, err := jsonOf(secret)
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + values, "PULUMI_CONFIG_SECRET_KEYS=" + keys}, nil
}

func jsonOf(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(text.String(), "\n"), err
}

func longKey(key string) string {
	namespace, name, found := strings.Cut(key, ":")
	if !found || strings.HasPrefix(name, "config:") {
		return key
	}
	return namespace + ":config:" + name
}
