package main

import (
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdSimulator waits until a simulator that was started in the background has said in FILE how it is reached, and sets
// these variables: simulator FILE. The file holds lines for a shell or JSON.
func cmdSimulator(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	for range 3000 {
		text, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(string(text), "\n") {
			var object struct{ Environment map[string]string }
			if json.Unmarshal(text, &object) == nil {
				for name, value := range object.Environment {
					ts.Setenv(name, value)
				}
				return
			}
			for line := range strings.Lines(string(text)) {
				name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
				ts.Setenv(name, strings.Trim(value, "'"))
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("the simulator has not said how it is reached")
}
