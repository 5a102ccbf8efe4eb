#!/usr/bin/env bash
# Pulumi 3.276.0: a preview serialises the whole stack after each resource, and throws the text away.
#
# Expected: a preview saves nothing, so the engine's processor time grows with the number of resources.
# Seen: it grows with the square of it. A stack of 1,000 components with forty inputs of 100 characters took 33 s, and 1.5 s under 3.250.0.
# Since then a preview has a snapshot manager too, which serialises all resources of the stack whenever a step ends, and a
# `DiscardPersister`: https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/backend/diy/backend.go. With `PULUMI_SKIP_CHECKPOINTS=true` the
# same preview took 1.6 s; an `up` must not have that, since a killed one then loses the record of what it did.
#
# Needs Go, and some minutes to compile the engine. Exits 1 when a preview takes less than twice the time of one without checkpoints.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=3.276.0
cat >go.mod <<MOD
module preview

go 1.26.6

require (
	github.com/pulumi/pulumi/pkg/v3 v$version
	github.com/pulumi/pulumi/sdk/v3 v$version
)

// The engine's module carries this line, which counts only in the main module.
replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
MOD
cat >tools.go <<'GO'
//go:build tools

package main

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
GO
cat >main.go <<'GO'
// Previews a new stack of components, and prints the engine's processor time.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type part struct{ pulumi.ResourceState }

// declare registers components with forty inputs of 100 characters each.
func declare(count int) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		inputs := pulumi.Map{}
		for i := range 40 {
			inputs[fmt.Sprintf("input%d", i)] = pulumi.String(strings.Repeat("x", 100))
		}
		for i := range count {
			name := fmt.Sprintf("part-%d", i)
			if err := ctx.RegisterComponentResourceV2("many:index:Part", name, inputs, &part{}); err != nil {
				return err
			}
		}
		return nil
	}
}

// preview returns the processor time of the engine's process, in seconds.
func preview(count int, skip string) float64 {
	state, err := os.MkdirTemp(".", "state")
	check(err)
	folder, err := os.Getwd()
	check(err)
	variables := auto.EnvVars(map[string]string{
		"PULUMI_BACKEND_URL":       "file://" + folder + "/" + state,
		"PULUMI_CONFIG_PASSPHRASE": "passphrase",
		"PULUMI_SKIP_CHECKPOINTS":  skip,
	})
	ctx := context.Background()
	stack, err := auto.NewStackInlineSource(ctx, "dev", "many", declare(count), variables)
	check(err)
	before := spent()
	_, err = stack.Preview(ctx)
	check(err)
	return spent() - before
}

// spent returns the processor time of the child processes that have ended, in seconds.
func spent() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ratio := 0.0
	for _, count := range []int{250, 500} {
		usual, without := preview(count, "false"), preview(count, "true")
		fmt.Printf("%d resources: %.1f s of processor time, without checkpoints %.1f s\n", count, usual, without)
		ratio = usual / without
	}
	if ratio < 2 {
		fmt.Println("changed: a preview does not serialise the stack for each resource any more")
		os.Exit(1)
	}
}
GO
export GOFLAGS=-mod=mod
go build -trimpath -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$version" -o bin/pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
go build -o preview .
PATH="$folder/bin:$PATH" PULUMI_HOME="$folder/home" ./preview
