package main

import (
	"embed"
	"errors"
	"fmt"
	"path/filepath"
)

//go:embed newpipeline
var newPipeline embed.FS

// runInitPipeline makes the project of the pipeline. It is a flag of init and no command below it, because what follows init is
// the name of a folder.
func runInitPipeline(env environment, dir string) error {
	if err := emptyFolder(dir); err != nil {
		return err
	}
	if err := makePipeline(env, dir); err != nil {
		return errors.Join(err, emptyAgain(dir))
	}
	fmt.Fprintf(env.stdout, "The pipeline is in %s, with a first commit on the branch main.\n"+
		"Next: push it to a project of its own, and name it in the organisation repository's settings; its README.md says where.\n", dir)
	return nil
}

func makePipeline(env environment, dir string) error {
	values := struct{ Version string }{releaseTag()}
	for _, name := range []string{"organisation.yml", "README.md"} {
		text, err := rendered(newPipeline, "newpipeline/"+name+".tmpl", values)
		if err != nil {
			return err
		}
		if err := writeNew(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	return firstCommit(env, dir, "Opret pipelinen for organisationen")
}
