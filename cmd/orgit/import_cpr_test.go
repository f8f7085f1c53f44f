package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"orgit.dk/orgit/internal/cpr"
	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/intake"
	"orgit.dk/orgit/org/source/opus"
	"orgit.dk/orgit/org/synthetic"
	"orgit.dk/orgit/org/synthetic/outside"
)

// cmdTown makes a synthetic town with as many people, as payroll sends it: town SAFE PEOPLE. In the folder SAFE are the files of
// two nights, first/… and second/…, and the second one three times more: with other CPR numbers, others/…, cut behind a CPR number,
// cut/…, and with one for an employee number, keyed/….
func cmdTown(ts *testscript.TestScript, neg bool, args []string) {
	var people int
	if neg || len(args) != 2 {
		ts.Fatalf("usage: town SAFE PEOPLE")
	}
	_, err := fmt.Sscan(args[1], &people)
	ts.Check(err)
	today := org.Day(ts.Getenv("TODAY"))
	first := synthetic.Generate(synthetic.Options{People: people, Units: max(1, people/7), Seed: 11, Day: today})
	for i := range first.Units {
		first.Units[i].From = "1970-01-01" // nobody began in a unit before that was there
	}
	second := nextNight(first)
	others := second.Clone()
	for i := range others.People {
		others.People[i].CPR = inventedNumber(ts, 500_000+i)
	}
	write := func(folder string, town *synthetic.Town, change func(string) string) {
		var file bytes.Buffer
		ts.Check(outside.OPUS(&file, town))
		dir := filepath.Join(ts.MkAbs(args[0]), folder)
		ts.Check(os.MkdirAll(dir, 0o700))
		ts.Check(os.WriteFile(filepath.Join(dir, outside.OPUSName(town)), []byte(change(file.String())), 0o600))
	}
	newest := func(town *synthetic.Town) *synthetic.Person { return &town.People[len(town.People)-1] }
	write("first", first, func(text string) string { return text })
	write("second", second, func(text string) string { return careless(text, newest(second).CPR.Digits()) })
	write("others", others, func(text string) string { return careless(text, newest(others).CPR.Digits()) })
	write("cut", second, func(text string) string { return text[:strings.LastIndex(text, "</cpr>")] })
	write("keyed", second, func(text string) string {
		return strings.Replace(text, `id="`+newest(second).Jobs[0].Number+`"`, `id="`+newest(second).CPR.Digits()+`"`, 1)
	})
}

// nextNight is a town a day later: somebody is called otherwise, somebody works as something else and elsewhere, some are gone
// without a word, some have left, and some are new.
func nextNight(town *synthetic.Town) *synthetic.Town {
	next := town.Clone()
	next.Day = town.Day.Add(1)
	n := 0
	for i := range next.People {
		p := &next.People[i]
		if len(p.Jobs) != 1 || !p.Jobs[0].Contains(next.Day) || p.Jobs[0].To != "" {
			continue
		}
		switch n++; n {
		case 1:
			p.Surname = "Brandtbjerg"
		case 2:
			p.Jobs[0].Title = "Fuldmægtig"
		case 3:
			p.Jobs[0].Unit = (p.Jobs[0].Unit + 1) % len(next.Units)
		case 4, 5:
			p.Jobs = nil
		case 6:
			p.Jobs[0].To = next.Day.Add(20)
		case 7:
			p.Shielded = true
		}
	}
	more := synthetic.Generate(synthetic.Options{People: 5, Units: 1, Seed: 12, Day: next.Day})
	for i, p := range more.People {
		p.CPR, _ = cpr.Parse(cprtest.Invented(300_000 + i)) // an invented one is one
		p.Jobs = p.Jobs[:1]
		p.Jobs[0].Unit, p.Jobs[0].Number, p.Jobs[0].Period = len(next.Units)-1, fmt.Sprint(980_000+i), org.Period{From: next.Day}
		next.People = append(next.People, p)
	}
	return next
}

// careless writes a CPR number where none belongs, as happens: into a title, a name and others.
func careless(text, digits string) string {
	for n, element := range []string{"position", "firstName", "workPhone", "email", "longName", "userId"} {
		number := digits
		if n%2 == 0 {
			number = digits[:6] + "-" + digits[6:]
		}
		if last := strings.LastIndex(text, "</"+element+">"); last >= 0 {
			text = text[:last] + " " + number + text[last:]
		}
	}
	return text
}

func inventedNumber(ts *testscript.TestScript, i int) cpr.Number {
	n, err := cpr.Parse(cprtest.Invented(i))
	ts.Check(err)
	return n
}

// cmdFirstLoad takes a payroll file into a repository that was just made, and writes the CPR numbers that belong to it where the
// CPR store takes them from: firstload DIR FILE NUMBERS.
func cmdFirstLoad(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: firstload DIR FILE NUMBERS")
	}
	dir := ts.MkAbs(args[0])
	o, findings, err := org.Load(os.DirFS(dir))
	ts.Check(err)
	if o == nil {
		ts.Fatalf("load %s: %v", args[0], findings)
	}
	file, err := os.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	defer file.Close() //nolint:errcheck // it was read only
	x, err := opus.Read(file, filepath.Base(args[1]))
	ts.Check(err)
	town := intake.Town{}
	town.Extracts = append(town.Extracts, x)
	for i := range x.Units {
		town.Units = append(town.Units, intake.Cluster{{Index: i}})
	}
	for i := range x.People {
		town.People = append(town.People, intake.Cluster{{Index: i}})
	}
	result, err := intake.First(o, os.DirFS(dir), town, intake.Options{Day: x.Day, Since: x.Day})
	ts.Check(err)
	for name, text := range result.Files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, text, 0o644))
	}
	var csv strings.Builder
	for person, number := range result.Numbers {
		fmt.Fprintf(&csv, "%s;%s\n", person, number.Digits())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(csv.String()), 0o600))
}

// statedCPR is where the files of the input say what somebody's CPR number is.
var statedCPR = regexp.MustCompile(`(?m)<cpr [^>]*>([0-9]{10})</cpr>|;([0-9]{10})$`)

// cmdNoCPR searches everything below the script's folder, and what the server's repository holds, for every CPR number of the files
// in a folder, which is left out of the search: nocpr SAFE TEXT…. Each text has to be found in it: a search that finds nothing shows nothing.
func cmdNoCPR(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: nocpr SAFE TEXT…")
	}
	safe, search, n := ts.MkAbs(args[0]), newNumberSearch(), 0
	everyFile(ts, safe, "", func(_, text string) {
		for _, found := range statedCPR.FindAllStringSubmatch(text, -1) {
			search.add(found[1] + found[2])
			n++
		}
	})
	if n < 50 {
		ts.Fatalf("the input has %d numbers: the search shows nothing", n)
	}
	found, leaks := map[string]bool{}, []string{}
	look := func(where, text string) {
		if search.in(where) || search.in(text) {
			leaks = append(leaks, where)
		}
		for _, want := range args[1:] {
			found[want] = found[want] || strings.Contains(text, want)
		}
	}
	var repositories []string
	for _, root := range []string{ts.Getenv("WORK"), ts.Getenv("SERVER")} {
		everyFile(ts, root, safe, func(path, text string) {
			look(path, text)
			if filepath.Base(path) == "HEAD" && strings.HasPrefix(text, "ref:") {
				repositories = append(repositories, filepath.Dir(path))
			}
		})
	}
	for _, dir := range repositories {
		if _, err := os.Stat(filepath.Join(dir, "objects")); err != nil {
			continue // the HEAD of a remote
		}
		cmd := exec.Command("git", "cat-file", "--batch-all-objects", "--batch")
		cmd.Dir = dir
		out, err := cmd.Output()
		ts.Check(err)
		look("the objects of "+dir, string(out))
	}
	for _, where := range leaks {
		ts.Logf("a CPR number stands in: %s", where)
	}
	for _, want := range args[1:] {
		if !found[want] {
			ts.Fatalf("%q is in nothing that was searched: the search shows nothing", want)
		}
	}
	if len(leaks) > 0 {
		ts.Fatalf("CPR numbers stand in %d places", len(leaks))
	}
}

// everyFile reads every file below a folder but those below another one.
func everyFile(ts *testscript.TestScript, root, but string, take func(path, text string)) {
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path == but:
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		take(path, string(text))
		return err
	}))
}
