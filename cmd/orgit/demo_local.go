package main

import (
	"context"

	"orgit.dk/orgit/internal/git"
	"orgit.dk/orgit/org/korsbaek"
)

// What is shown where there is no program git, and so no stand-in for GitLab: the same change as a branch, and a merge for
// its approval.

func (d *demo) change(ctx context.Context) error {
	d.say("A change on the branch forslag: a unit moves, a leader is replaced, two are hired, one leaves")
	if err := d.repo.CreateBranch("forslag", "main"); err != nil {
		return err
	}
	if err := d.repo.Checkout("forslag"); err != nil {
		return err
	}
	if err := korsbaek.DemoChange(d.dir); err != nil {
		return err
	}
	_, err := d.repo.CommitAll(git.Commit{
		Message: "Flyt Ungdomsskolen, skift leder i Biblioteket, to ansættelser, en fratræden",
		Author:  author(d.env), When: d.env.now(),
	})
	if err != nil {
		return err
	}
	d.command("orgit plan --verbose")
	return runPlan(ctx, d.env, planOptions{dir: d.dir, format: "text", verbose: true})
}

func (d *demo) merge(ctx context.Context) error {
	d.say("Approved and merged into main: orgit apply carries it out")
	if err := d.repo.FastForward("main", "forslag"); err != nil {
		return err
	}
	if err := d.repo.Checkout("main"); err != nil {
		return err
	}
	d.command("orgit apply --yes")
	return runApply(ctx, d.env, applyOptions{dir: d.dir, yes: true})
}
