package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestReviewAddress: the link of a note that is cut leads to the text among the job's artifacts, where it is one of them.
func TestReviewAddress(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	const job = "https://gitlab.korsbaek.example/org/-/jobs/7"
	for name, tt := range map[string]struct{ job, project, text, want string }{
		"outside CI":             {"", dir, "plan.txt", ""},
		"the text":               {job, dir, "plan.txt", job + "/artifacts/file/plan.txt"},
		"in a folder with blank": {job, filepath.Dir(dir), "min plan.txt", job + "/artifacts/file/" + filepath.Base(dir) + "/min%20plan.txt"},
		"by a whole path":        {job, dir, filepath.Join(dir, "ud", "plan.txt"), job + "/artifacts/file/ud/plan.txt"},
		"no text":                {job, dir, "", job + "/artifacts/browse"},
		"outside the project":    {job, filepath.Join(dir, "testdata"), "plan.txt", job + "/artifacts/browse"},
		"no project":             {job, "", "plan.txt", job + "/artifacts/browse"},
	} {
		env := environment{getenv: func(key string) string {
			return map[string]string{"CI_JOB_URL": tt.job, "CI_PROJECT_DIR": tt.project}[key]
		}}
		r := reviewRun{env: env, opts: reviewOptions{text: tt.text}}
		if got := r.address(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
