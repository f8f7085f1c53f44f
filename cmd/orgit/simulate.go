package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"orgit.dk/orgit/apply/fkorg/fkorgtest"
	"orgit.dk/orgit/org"
)

const simulateHelp = `Start a simulator of FK Organisation on this machine, for whoever has no access to the
real one yet: the services and the token service, with certificates made for the occasion.
It keeps everything in memory, forgets it when it ends, and is reached from this machine
only. Ctrl-C ends it, with exit code 0.

The environment for orgit doctor, plan and apply is printed as lines for a shell, as soon
as the simulator is there. The repository's settings are those for KOMBIT's test
environment (environment: "test"):

  orgit simulate fk-organisation > simulator.env &
  sleep 1; . ./simulator.env

It holds the municipality's objects that KOMBIT keeps (Organisation, Virksomhed and
Myndighed); the rest is for orgit to write. A repository that has been applied refuses a
simulator that was started anew and is empty: try that one with a new clone.

With --trouble it makes the trouble that a client of the real service meets, as often as
it says in brackets or you say behind the name: always, once (the first call that it is
about), each (the first call of every operation on every object), every=N (each N-th
call).

Troubles:
`

// simulated is the municipality of the sample repository.
const (
	simulatedName         = "Korsbæk Kommune"
	simulatedCVR          = "99189703"
	simulatedOrganisation = "b4f2d843-ad1b-481d-9da6-f5f19baf37fe"
	simulatedVirksomhed   = "5f0c7a10-6d0e-4c55-9d7e-000000000001"
	simulatedMyndighed    = "5f0c7a10-6d0e-4c55-9d7e-000000000002"
)

// cvrNumber is what a CVR number looks like on a command line.
var cvrNumber = regexp.MustCompile(`^[1-9][0-9]{7}$`)

type simulateOptions struct {
	addr         string
	clock        string
	cvr          string
	organisation string
	troubles     []string
	latency      time.Duration
	unsecured    bool
	calls        bool
	json         bool
}

func newSimulateCmd(env environment) *cobra.Command {
	var opts simulateOptions
	systems := []string{"fk-organisation"}
	cmd := &cobra.Command{
		Use:       "simulate {fk-organisation}",
		Short:     "Start a simulator of FK Organisation on this machine",
		Long:      simulateHelp + troubleHelp(),
		ValidArgs: systems,
		Example: `  orgit simulate fk-organisation --addr 127.0.0.1:8500
  orgit simulate fk-organisation --latency 50ms --trouble reset-after --trouble status-47:each --calls`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(systems, args[0]) {
				return invalidInput(fmt.Errorf("there is no simulator of %q", args[0]), "one of "+strings.Join(systems, ", "))
			}
			return runSimulate(cmd.Context(), env, opts)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.addr, "addr", "127.0.0.1:0", "listen on `HOST:PORT` of this machine; port 0 is a free one")
	flags.StringVar(&opts.clock, "clock", "", "make it `DAY` (YYYY-MM-DD) for the simulator, at the time of day that it is")
	flags.StringVar(&opts.cvr, "cvr", simulatedCVR, "the municipality's `CVR` number")
	flags.StringVar(&opts.organisation, "organisation", simulatedOrganisation, "the `UUID` of its Organisation object, as in targets.fkOrganisation")
	flags.StringArrayVar(&opts.troubles, "trouble", nil, "make the trouble `NAME`, or NAME:HOW-OFTEN; may be given several times")
	flags.DurationVar(&opts.latency, "latency", 0, "answer every call so long after it came, such as 50ms")
	flags.BoolVar(&opts.unsecured, "unsecured", false, "without tokens and signatures: faster, and not how the real service is")
	flags.BoolVar(&opts.calls, "calls", false, "say at the end how often each operation was called")
	flags.BoolVar(&opts.json, "json", false, "print one JSON object with the environment, and one with the calls at the end")
	return cmd
}

// troubleHelp lists the catalogue.
func troubleHelp() string {
	var text strings.Builder
	tw := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	for _, t := range fkorgtest.Catalogue() {
		fmt.Fprintf(tw, "  %s\t%s [%s]\n", t.Name, t.Does, t.Rhythm)
	}
	_ = tw.Flush() // a strings.Builder takes everything
	return strings.TrimSuffix(text.String(), "\n")
}

func runSimulate(ctx context.Context, env environment, opts simulateOptions) error {
	settings, err := opts.settings(env)
	if err != nil {
		return err
	}
	trouble, err := fkorgtest.Troubles(opts.troubles...)
	if err != nil {
		return invalidInput(err, "`orgit simulate --help` lists the troubles")
	}
	s, err := fkorgtest.Start(settings)
	if err != nil {
		return invalidInput(err, "give another address with --addr")
	}
	s.SetTrouble(trouble)
	s.Seed(fkorgtest.Owned{Name: simulatedName, CVR: opts.cvr, Organisation: opts.organisation, Virksomhed: simulatedVirksomhed, Myndighed: simulatedMyndighed})
	fmt.Fprintln(env.stderr, "orgit: this is a simulator of FK Organisation. It keeps everything in memory and forgets it when it ends (Ctrl-C).")
	err = serveUntilInterrupted(ctx, env, s, opts)
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return opts.printCalls(env.stdout, s.Counts())
}

// serveUntilInterrupted says how to reach the simulator and waits. The certificates that a client needs lie in a folder
// that goes when it ends.
func serveUntilInterrupted(ctx context.Context, env environment, s *fkorgtest.Server, opts simulateOptions) (err error) {
	dir, err := os.MkdirTemp("", "orgit-simulator-")
	if err != nil {
		return fmt.Errorf("make a folder for the simulator's certificates: %w", err)
	}
	defer func() {
		if removeErr := os.RemoveAll(dir); err == nil {
			err = removeErr
		}
	}()
	variables, err := s.WriteFiles(dir, "orgit")
	if err != nil {
		return err
	}
	// A shell may hold those of an earlier simulator.
	for _, name := range []string{"ORGIT_FK_CERTIFICATE_FILE", "ORGIT_FK_KEY_FILE", "ORGIT_FK_STS_URL", "ORGIT_FK_STS_CERTIFICATES", "ORGIT_FK_SERVICE_CERTIFICATES"} {
		if _, stated := variables[name]; !stated {
			variables[name] = ""
		}
	}
	if err := opts.printEnvironment(env.stdout, variables); err != nil {
		return err
	}
	<-ctx.Done() // it is there to be interrupted
	return nil
}

// settings checks what the user gave.
func (o simulateOptions) settings(env environment) (fkorgtest.Options, error) {
	none := fkorgtest.Options{}
	host, _, err := net.SplitHostPort(o.addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return none, invalidInput(fmt.Errorf("--addr: %q is no address of this machine alone", o.addr),
			"what is written to the simulator is not encrypted: give 127.0.0.1:PORT")
	}
	if o.latency < 0 {
		return none, invalidInput(fmt.Errorf("--latency: %s is less than nothing", o.latency), "")
	}
	if !isUUID(strings.ToLower(o.organisation)) {
		return none, invalidInput(fmt.Errorf("--organisation: %q is not a UUID", o.organisation), "")
	}
	if !cvrNumber.MatchString(o.cvr) {
		return none, invalidInput(fmt.Errorf("--cvr: %q is not a CVR number: it has 8 digits, the first of them not 0", o.cvr), "")
	}
	clock, err := o.shifted(env)
	if err != nil {
		return none, err
	}
	settings := fkorgtest.Options{Addr: o.addr, CVR: o.cvr, Latency: o.latency, Clock: clock}
	if !o.unsecured {
		settings.Security = &fkorgtest.Security{Agreements: map[string]fkorgtest.Agreement{o.cvr: {}}}
	}
	return settings, nil
}

// shifted is a clock that shows the time of day on the day of --clock and goes on from there.
func (o simulateOptions) shifted(env environment) (func() time.Time, error) {
	if o.clock == "" {
		return env.now, nil
	}
	day, err := org.ParseDay(o.clock)
	if err != nil {
		return nil, invalidInput(fmt.Errorf("--clock: %w", err), "")
	}
	today, err := env.today()
	if err != nil {
		return nil, err
	}
	days := today.DaysUntil(day)
	zone, err := org.Copenhagen()
	if err != nil {
		return nil, err
	}
	return func() time.Time { return env.now().In(zone).AddDate(0, 0, days) }, nil
}

// printEnvironment writes the variables as lines for a shell, or as JSON.
func (o simulateOptions) printEnvironment(w io.Writer, variables map[string]string) error {
	if o.json {
		return writeLine(w, map[string]any{"environment": variables})
	}
	var text strings.Builder // written at once: whoever waits for the file must not read half of it
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		fmt.Fprintf(&text, "export %s='%s'\n", name, strings.ReplaceAll(variables[name], "'", `'\''`))
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("write the environment: %w", err)
	}
	return nil
}

// printCalls writes how often each operation was called.
func (o simulateOptions) printCalls(w io.Writer, counts []fkorgtest.Count) error {
	switch {
	case o.json:
		return writeLine(w, map[string]any{"calls": counts})
	case !o.calls:
		return nil
	}
	t := table{labels: []string{"SERVICE", "OPERATION", "CALLS"}}
	for _, c := range counts {
		t.rows = append(t.rows, callsRow(c))
	}
	return t.print(w, words{})
}

// writeLine writes one JSON object in a line of its own.
func writeLine(w io.Writer, v any) error {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

type callsRow fkorgtest.Count

func (r callsRow) cells(words) []string { return []string{r.Service, r.Operation, fmt.Sprint(r.Calls)} }
