package main

import (
	"context"

	"github.com/spf13/cobra"
)

func runProposeFile(ctx context.Context, env environment, opts proposeOptions) error { return nil }
func newProposeTemplateCmd(env environment) *cobra.Command                           { return &cobra.Command{Use: "template"} }
