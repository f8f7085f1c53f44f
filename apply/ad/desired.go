package ad

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Desired gives what the organisation asks of the directory of targets.ad on a day.
func Desired(o *org.Organisation, day org.Day) (plan.State, error) { return Domain{}.Desired(o, day) }

// Desired gives what the organisation asks of the domain on a day. What the directory
// cannot hold, such as a name that is too long, is among the problems. It returns an error
// when the settings cannot be followed at all.
func (x Domain) Desired(o *org.Organisation, day org.Day) (plan.State, error) {
	if x.Settings(o) == nil {
		return plan.State{}, fmt.Errorf("%w: the settings have no %s", ErrNotConfigured, x.setting())
	}
	d, err := x.newDesired(o, day)
	if err != nil {
		return plan.State{}, err
	}
	return d.whole()
}

// newDesired begins a state.
func (x Domain) newDesired(o *org.Organisation, day org.Day) (*desired, error) {
	s := x.Settings(o)
	set := x.attributeSetOf(s)
	if f := x.checkSettings(s, set); f != nil {
		return nil, fmt.Errorf("%s: %s; %s", f.path, f.message, f.hint)
	}
	zone, err := org.Copenhagen()
	if err != nil {
		return nil, err
	}
	d := &desired{
		domain: x, o: o, s: s, day: day, zone: zone, set: set,
		views: map[org.Day]*org.View{}, ouOf: map[string]bool{}, said: map[plan.Problem]bool{}, leaders: map[string]*account{}, upns: map[string]upnHolder{},
	}
	d.state = plan.State{Target: x.Target(), Kinds: kinds(), Orphan: d.orphan, Beside: beside, Unique: [][]string{
		{attrCN, attrContainer}, {attrOU, attrContainer}, {attrLogin}, {attrUPN},
	}}
	return d, nil
}

// whole makes the state.
func (d *desired) whole() (plan.State, error) {
	for _, f := range d.settingsFaults() {
		d.addProblem(plan.Problem{Path: f.path, Message: f.message, Hint: f.hint})
	}
	d.addOwnOUs()
	d.addUnits()
	d.addAccounts()
	d.noteCosts()
	if err := d.state.Sort(); err != nil {
		return plan.State{}, err
	}
	return d.state, nil
}

// settingsFaults are what is wrong with parts of the settings: those parts do nothing.
func (d *desired) settingsFaults() []fault {
	return append(slices.Clone(d.set.faults), d.domain.areaFaults(d.o)...)
}

// desired is the state in the making.
type desired struct {
	domain Domain
	o      *org.Organisation
	s      *org.ADSettings
	day    org.Day
	zone   *time.Location
	set    *attributeSet
	views  map[org.Day]*org.View
	ouOf   map[string]bool // whether a unit has an OU of its own; see hasOU
	said   map[plan.Problem]bool
	state  plan.State
	spare  []plan.Attr     // where the attributes of one account after the other are put together
	only   map[string]bool // keys of the people whose accounts are made; nil: everybody's
	beside map[string]bool // with only: whose accounts theirs are told apart from by name
	// leaders are the accounts that others refer to as their leader's; see leader.
	leaders map[string]*account
	upns    map[string]upnHolder // by the folded login address
	// problemsOnly says that nobody asks for the accounts, only for what is wrong with them.
	problemsOnly bool
	// trace collects how the values of the accounts that it gives true for are made; nil:
	// nobody asks.
	trace   func(*account) bool
	sources map[plan.ID][]plan.Source
	// payroll and protected are made when they are first asked for.
	payroll   payrollNumbers
	protected map[string]plan.Protection
}

// view gives the organisation on a day, made once.
func (d *desired) view(day org.Day) *org.View {
	if d.views[day] == nil {
		d.views[day] = d.o.On(day)
	}
	return d.views[day]
}

// closesOn is the first day that lies wholly after the last day and the hours of grace.
// What ends is kept as it was until then: a night shift that began on the last day still
// works the next morning, and accountExpires ends it on the hour.
func (d *desired) closesOn(last org.Day) org.Day {
	return last.Add(1 + graceDays(d.s))
}

// expiry is the instant from which an account does not work that is used up to and
// including the last day.
func (d *desired) expiry(last org.Day) (value, show string) {
	if last == "" {
		return neverExpires, ""
	}
	midnight, err := time.ParseInLocation(time.DateOnly, string(last.Add(1)), d.zone)
	if err != nil {
		return neverExpires, "" // a day that Load accepted is a day
	}
	at := midnight.Add(time.Duration(d.s.GraceHours) * time.Hour)
	return at.UTC().Format(time.RFC3339), at.Format("2006-01-02 15:04")
}

// The OUs that stand for no unit: for closed accounts, and for all of them in the flat
// layout.
const (
	quarantineRole = "quarantine"
	usersRole      = "users"
)

// ownOU is the identity of such an OU. It is the same in every directory, for ever: it
// means something only below one base DN.
func ownOU(role string) plan.ID {
	return plan.ID{Kind: KindOU, UUID: org.DeriveUUID(Target, role)}
}

func (d *desired) addOwnOUs() {
	d.addOwnOU(ownOU(quarantineRole), d.s.QuarantineOU)
	if d.s.Layout == layoutFlat || d.s.Units != nil { // with units: for people who work outside those parts of the tree
		d.addOwnOU(ownOU(usersRole), d.s.UsersOU)
		return
	}
	// What another layout left is taken away when it is empty.
	d.state.Objects = append(d.state.Objects, plan.Object{ID: ownOU(usersRole), Name: d.s.UsersOU, Gone: &plan.Gone{
		Since: d.day, Delete: true, Why: []org.Fact{{Path: d.domain.path("layout"), Value: d.s.Layout}},
	}})
}

func (d *desired) addOwnOU(id plan.ID, name string) {
	attrs := []plan.Attr{
		{Name: attrOU, Value: []string{name}, Rule: plan.Force},
		{Name: attrContainer, Value: []string{atBase}, Rule: plan.Force},
	}
	d.state.Objects = append(d.state.Objects, plan.Object{ID: id, Name: name, Attrs: attrs, Signs: func() []plan.Sign {
		return placeSigns(KindOU, attrs)
	}})
	d.checkLength(id, "", attrOU, name, maxCN, "choose a shorter name in "+d.domain.setting())
}

// container is the attribute that says where an object stands.
func container(ou plan.ID, show string, why ...org.Fact) plan.Attr {
	return plan.Attr{
		Name: attrContainer, Value: []string{ou.String()}, Show: show, Rule: plan.Force, Refs: []plan.ID{ou}, Why: why,
	}
}

// checkLength notes a problem when a value has more characters than the directory takes.
func (d *desired) checkLength(id plan.ID, path org.Path, name, value string, max int, hint string) {
	if n := utf8.RuneCountInString(value); max > 0 && n > max {
		d.problem(id, path, fmt.Sprintf("%s has %d characters, Active Directory takes %d", name, n, max), hint)
	}
}

func (d *desired) problem(id plan.ID, path org.Path, message, hint string) {
	d.addProblem(plan.Problem{Object: id, Path: path, Message: message, Hint: hint})
}

// addProblem notes a problem once.
func (d *desired) addProblem(p plan.Problem) {
	if !d.said[p] {
		d.said[p] = true
		d.state.Problems = append(d.state.Problems, p)
	}
}

// orphan is the last form of an object of orgit's that no entry states: an account goes
// the way of a leaver's, an OU is deleted.
func (d *desired) orphan(f plan.Found) plan.Object {
	o := plan.Object{ID: f.ID, Name: f.Name, Gone: &plan.Gone{Since: d.day}}
	if f.Kind != KindUser {
		o.Gone.Delete = true
		return o
	}
	d.retire(&o)
	return o
}

// retire gives an account the form in which it waits for its deletion.
func (d *desired) retire(o *plan.Object, why ...org.Fact) {
	o.Attrs = []plan.Attr{
		{Name: attrEnabled, Value: []string{"false"}, Rule: plan.Force, Loss: plan.LossDisable, Closes: true, Why: why},
		container(ownOU(quarantineRole), d.s.QuarantineOU, why...),
	}
	o.Attrs[1].Loss = plan.LossQuarantine
	o.Gone.Delete, o.Gone.AfterDays = d.s.DeleteAfterDays > 0, d.s.DeleteAfterDays
}
