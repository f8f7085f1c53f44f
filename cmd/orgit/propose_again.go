package main

import "context"

func runProposeAgain(ctx context.Context, env environment, opts proposeOptions) error { return nil }
