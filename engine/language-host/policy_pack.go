package main

import (
	"context"
	"io"
	"os/exec"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runPolicyPack runs a policy pack to its end, as Pulumi's own host does: the engine sends the stack's config in a call, but a pack
// expects it in its environment, with the secrets decrypted. So a proxy takes the call first, and the pack starts after it.
//
// See https://github.com/pulumi/pulumi/blob/master/sdk/policy_proxy.go
func (h *host) runPolicyPack(ctx context.Context, command *exec.Cmd, stdout io.Writer) error {
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return err
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	variables, err := stackVariables(stack)
	if err != nil {
		proxy.Abort(err)
		return err
	}
	command.Env = append(command.Env, variables...)
	command.Stdout = packOutput
	if err := h.children.start(command); err != nil {
		proxy.Abort(err)
		return err
	}
	defer h.children.forget(command)
	return proxy.Attach(ctx, command)
}

// stackVariables is what a pack's environment says of the stack; nothing where a pack is run without one.
func stackVariables(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	variables := []string{"PULUMI_NODEJS_DRY_RUN=" + strconv.FormatBool(stack.GetDryRun())}
	for name, value := range map[string]string{
		"PULUMI_NODEJS_ORGANIZATION": stack.GetOrganization(),
		"PULUMI_NODEJS_PROJECT":      stack.GetProject(),
		"PULUMI_NODEJS_STACK":        stack.GetStack(),
	} {
		if value != "" {
			variables = append(variables, name+"="+value)
		}
	}
	if stack.GetConfig() == nil {
		return variables, nil
	}
	config, err := jsonOf(stack.GetConfig())
	return append(variables, "PULUMI_CONFIG="+config), err
}
