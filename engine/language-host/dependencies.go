package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies installs what package.json names, with the project's package manager.
func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	directory := request.GetInfo().GetProgramDirectory()
	switch workspace, err := npm.FindWorkspaceRoot(directory); {
	case err == nil:
		directory = workspace
	case !errors.Is(err, npm.ErrNotInWorkspace):
		return err
	}
	sender := &sender[pulumirpc.InstallDependenciesResponse]{stream: stream}
	stdout := sender.as(func(chunk []byte) *pulumirpc.InstallDependenciesResponse {
		return &pulumirpc.InstallDependenciesResponse{Stdout: chunk}
	})
	stderr := sender.as(func(chunk []byte) *pulumirpc.InstallDependenciesResponse {
		return &pulumirpc.InstallDependenciesResponse{Stderr: chunk}
	})
	_, err := npm.Install(stream.Context(), packageManager(request.GetInfo()), directory, false, stdout, stderr)
	return err
}

// GetProgramDependencies lists the packages that the lock file names.
func (h *host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	directory := request.GetInfo().GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(packageManager(request.GetInfo()), directory)
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, directory, request.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, each := range packages {
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: each.Name, Version: each.Version})
	}
	return response, nil
}

// About says which Node runs the programs, and that this host is not Pulumi's own.
func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	response := &pulumirpc.AboutResponse{Metadata: map[string]string{"host": "ghcr-retention's stand-in " + hostVersion + ", not Pulumi's own"}}
	if manager, err := npm.ResolvePackageManager(packageManager(request.GetInfo()), request.GetInfo().GetProgramDirectory()); err == nil {
		response.Metadata["packagemanager"] = manager.Name()
	}
	if node, err := exec.LookPath("node"); err == nil {
		response.Executable = node
		if version, err := exec.CommandContext(ctx, node, "--version").Output(); err == nil {
			response.Version = strings.TrimSpace(string(version))
		}
	}
	return response, nil
}

// packageManager is the one that the project's `runtime:` options name.
func packageManager(info *pulumirpc.ProgramInfo) npm.PackageManagerType {
	if name := info.GetOptions().GetFields()["packagemanager"].GetStringValue(); name != "" {
		return npm.PackageManagerType(name)
	}
	return npm.AutoPackageManager
}
