package main

import (
	"context"
	"errors"
	"fmt"

	"orgit.dk/orgit/internal/gitlab"
)

// openGitLab is a client of the server that the environment names; nil where it names none.
func openGitLab(env environment) (*gitlab.Client, error) {
	config, err := gitlab.ConfigFrom(env.getenv)
	if errors.Is(err, gitlab.ErrNotConfigured) {
		return nil, nil
	}
	if err != nil {
		return nil, invalidInput(err, "")
	}
	client, err := gitlab.Open(config)
	if err != nil {
		return nil, fmt.Errorf("connect to GitLab: %w", err)
	}
	return client, nil
}

// withGitLab connects what is written on merge requests to the server that the environment names.
func (e environment) withGitLab() environment {
	server := e
	e.gitlab = func(context.Context) (reviewServer, error) {
		client, err := openGitLab(server)
		if client == nil {
			return nil, err
		}
		return client, err
	}
	e.proposals = func(context.Context) (proposalServer, error) {
		client, err := openGitLab(server)
		if client == nil {
			return nil, err
		}
		return client, err
	}
	return e
}
