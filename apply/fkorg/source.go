package fkorg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/org/source/payroll"
	"orgit.dk/orgit/plan"
)

// Codes of notes about what FK Organisation holds and an extract has no room for; there are some of package payroll's too.
const (
	NoteInactive   = "inactive"      // units and users that are Inaktiv
	NoteRobot      = "robot"         // a user that is a robot
	NoteNoPerson   = "no-person"     // a user without a person
	NoteSeveral    = "several"       // a user with several persons, or a function with several users
	NoteUnknownKLE = "unknown-kle"   // tasks whose class the settings do not name
	NoteDangling   = "dangling"      // a function of a user or unit that is not in use
	NoteOverlap    = "several-units" // a position in two units at a time
)

// SourceOptions say what an extract is called.
type SourceOptions struct {
	Source string // key of the source; empty: "fkOrganisation"
	Name   string // what people call it; empty: "FK Organisation"
	System string // the system whose logins the users' names are; empty: "ad"
}

// Source reads FK Organisation as a register: its units and users in use as they are now, the persons behind the users, and
// positions and leaders with their days, those to come among them. It is all of it, or an error. A user is an account, and what orgit and others write
// as positions are engagements: the register does not tell whether somebody is paid. It has a person's name as one text, of which the last word is
// taken for the surname. The settings say which class is which KLE number.
func Source(ctx context.Context, k *Klient, s *org.Settings, o SourceOptions) (*source.Extract, error) {
	o.Source, o.Name, o.System = cmp.Or(o.Source, Target), cmp.Or(o.Name, "FK Organisation"), cmp.Or(o.System, "ad")
	u := &udtraek{reader: NewReader(k, org.New(org.Organisation{Settings: *s}, nil)), nu: k.nu(), o: o,
		enheder: map[string]*Objekt{}, brugere: map[string]*Objekt{}, stillinger: map[string]*Objekt{}, ledere: map[string]*Objekt{}, personer: map[string]*Objekt{}}
	if err := u.laes(ctx); err != nil {
		return nil, fmt.Errorf("read FK Organisation: %w", aarsag(err))
	}
	x, err := u.extract()
	if err != nil {
		return nil, fmt.Errorf("read FK Organisation: %w", err)
	}
	return x, nil
}

// udtraek (extract) is what has been read so far, by UUID.
type udtraek struct {
	reader *Reader
	nu     time.Time
	o      SourceOptions
	notes  payroll.Notes

	laas                                           sync.Mutex
	enheder, brugere, stillinger, ledere, personer map[string]*Objekt
	tekster                                        map[string]string // of addresses
	ukendtKLE                                      int
}

// laes reads everything: units and users beside the functions, then what only they lead to.
func (u *udtraek) laes(ctx context.Context) error {
	err := sideOmSide(ctx, u.laesHierarki,
		func(ctx context.Context) error { return u.laesFunktioner(ctx, KindPosition, u.stillinger) },
		func(ctx context.Context) error { return u.laesFunktioner(ctx, KindLeder, u.ledere) })
	if err != nil {
		return err
	}
	if len(u.enheder) == 0 || len(u.brugere) == 0 {
		return fmt.Errorf("%w: it holds %d units and %d users of the municipality, so it was not filled yet or not read whole", apply.ErrUnreachable, len(u.enheder), len(u.brugere))
	}
	return sideOmSide(ctx, u.laesPersoner, u.laesTekster)
}

// gem keeps the objects that are the municipality's and living.
func (u *udtraek) gem(i map[string]*Objekt, objekter []*Objekt) {
	u.laas.Lock()
	defer u.laas.Unlock()
	for _, o := range objekter {
		if o.Levende() && !u.reader.fremmed(o, u.nu) {
			i[o.UUID] = o
		}
	}
}

func (u *udtraek) laesHierarki(ctx context.Context) error {
	return u.reader.sider(ctx, func(ctx context.Context, side Side) (int, error) {
		h, err := u.reader.klient.FremsoegObjekthierarki(ctx, side)
		u.gem(u.enheder, h.Enheder)
		u.gem(u.brugere, h.Brugere)
		return max(len(h.Enheder), len(h.Brugere)), err
	})
}

// laesFunktioner finds the functions of the kind and reads them, now and to come.
func (u *udtraek) laesFunktioner(ctx context.Context, kind plan.Kind, i map[string]*Objekt) error {
	q := Soegning{Status: Aktiv, Relationer: []Relation{{Navn: "Funktionstype", Ref: Til(funktionstype(kind))},
		{Navn: "TilknyttedeOrganisationer", Ref: Til(u.reader.klient.organisation)}}}
	var fundne []string
	err := u.reader.sider(ctx, func(ctx context.Context, side Side) (int, error) {
		hits, err := u.reader.klient.Soeg(ctx, Funktion, q, side)
		u.laas.Lock()
		defer u.laas.Unlock()
		fundne = append(fundne, hits...)
		return len(hits), err
	})
	if err != nil {
		return err
	}
	return u.reader.klient.grupper(ctx, fundne, func(ctx context.Context, group []string) error {
		objekter, err := u.reader.klient.List(ctx, Funktion, group, FraNu(u.nu))
		// The search also finds what has ended or was of the type once.
		u.gem(i, slices.DeleteFunc(objekter, func(o *Objekt) bool { return !u.reader.ogsaa(kind, o, u.nu) }))
		return err
	})
}

func (u *udtraek) laesPersoner(ctx context.Context) error {
	var refs []string
	for _, o := range u.brugere {
		refs = append(refs, u.reader.laesning(u.nu).gaeldende(o, "TilknyttedePersoner")...)
	}
	return u.reader.klient.grupper(ctx, refs, func(ctx context.Context, group []string) error {
		objekter, err := u.reader.klient.List(ctx, Person, group, nil)
		u.gem(u.personer, objekter)
		return err
	})
}

func (u *udtraek) laesTekster(ctx context.Context) error {
	l := u.reader.laesning(u.nu)
	var refs []string
	for _, part := range []map[string]*Objekt{u.enheder, u.brugere} {
		for _, o := range part {
			refs = append(refs, l.adresserAf(o)...)
		}
	}
	found, err := u.reader.adresser(ctx, refs, nil)
	u.tekster = tekster(found, u.nu)
	return err
}

// kilde is where an object stands.
func kilde(o *Objekt) source.Origin {
	return source.Origin{Document: "FK Organisation", Record: o.Slags.element + " " + o.UUID}
}

// extract makes the extract of what was read.
func (u *udtraek) extract() (*source.Extract, error) {
	day, err := org.DayOf(u.nu)
	if err != nil {
		return nil, err
	}
	x := &source.Extract{Source: u.o.Source, Name: u.o.Name, Day: day, Says: source.Says{Tree: true, Leaders: true, Engagements: true, Accounts: true},
		Classes: []source.Class{
			{Kind: source.ClassUnitType, ID: enhedstypeAfdeling, UUID: enhedstypeAfdeling, Name: "Afdeling"},
			{Kind: source.ClassUnitType, ID: enhedstypeTeam, UUID: enhedstypeTeam, Name: "Team"}}}
	lukkede := u.lukkede(u.enheder)
	for _, uuid := range slices.Sorted(maps.Keys(u.enheder)) {
		x.Units = append(x.Units, u.enhed(u.enheder[uuid]))
	}
	if len(x.Units) == 0 {
		return nil, errors.New("no unit is in use")
	}
	u.note(NoteInactive, lukkede, "%d enheder er inaktive og er ikke taget med.")
	u.note(NoteInactive, u.lukkede(u.brugere), "%d brugere er inaktive og er ikke taget med.")
	u.people(x)
	u.leaders(x)
	u.note(NoteUnknownKLE, u.ukendtKLE, "%d opgaver har en klasse, som indstillingerne (classes.kle) ikke har et KLE-nummer til, og er ikke taget med.")
	u.notes.Tree(x)
	x.Notes = u.notes.List()
	x.Sort()
	return x, x.Check()
}

func (u *udtraek) note(code string, antal int, form string) {
	if antal > 0 {
		u.notes.Add(source.Origin{Document: "FK Organisation"}, code, form, antal)
	}
}

// lukkede takes out what is Inaktiv, and says how much that is.
func (u *udtraek) lukkede(i map[string]*Objekt) int {
	foer := len(i)
	maps.DeleteFunc(i, func(_ string, o *Objekt) bool { return o.Status(u.nu) != Aktiv })
	return foer - len(i)
}

// splitNavn takes the last word of a name for the surname.
func splitNavn(navn string) (given, surname string) {
	words := strings.Fields(navn)
	if len(words) < 2 {
		return "", strings.Join(words, " ")
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}
