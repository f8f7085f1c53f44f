package ad

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
)

// Desired gives what the organisation asks of Active Directory on a day. What the
// directory cannot hold, such as a name that is too long, is among the problems. It
// returns an error when the settings cannot be followed at all.
func Desired(o *org.Organisation, day org.Day) (plan.State, error) {
	s := o.Settings.Targets.AD
	if s == nil {
		return plan.State{}, fmt.Errorf("%w: the settings have no targets.ad", ErrNotConfigured)
	}
	rules, err := rulesOf(s)
	if err != nil {
		return plan.State{}, err
	}
	if err := checkSettings(s, rules); err != nil {
		return plan.State{}, err
	}
	zone, err := org.Copenhagen()
	if err != nil {
		return plan.State{}, err
	}
	d := &desired{o: o, s: s, day: day, zone: zone, rules: rules, views: map[org.Day]*org.View{}, hasOU: map[string]bool{}}
	d.state = plan.State{Target: Target, Kinds: kinds(), Orphan: d.orphan}
	d.addOwnOUs()
	if s.Layout != layoutFlat {
		d.addUnits()
	}
	d.addAccounts()
	if err := d.state.Sort(); err != nil {
		return plan.State{}, err
	}
	return d.state, nil
}

// layoutFlat keeps all accounts in one OU; every other layout mirrors the units.
const layoutFlat = "flat"

// desired is the state in the making.
type desired struct {
	o     *org.Organisation
	s     *org.ADSettings
	day   org.Day
	zone  *time.Location
	rules map[string]plan.Rule
	views map[org.Day]*org.View
	hasOU map[string]bool // keys of the units that have an OU
	// payroll and protected are made when they are first asked for.
	payroll   payrollNumbers
	protected map[string]plan.Protection
	state     plan.State
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
	return last.Add(1 + (d.s.GraceHours+23)/24)
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
	if d.s.Layout == layoutFlat {
		d.addOwnOU(ownOU(usersRole), d.s.UsersOU)
	}
}

func (d *desired) addOwnOU(id plan.ID, name string) {
	attrs := []plan.Attr{
		{Name: attrOU, Value: []string{name}, Rule: plan.Force},
		{Name: attrContainer, Value: []string{atBase}, Rule: plan.Force},
	}
	d.state.Objects = append(d.state.Objects, plan.Object{ID: id, Name: name, Attrs: attrs, Signs: func() []plan.Sign {
		return placeSigns(KindOU, attrs)
	}})
	d.checkLength(id, "", attrOU, name, maxCN, "choose a shorter name in targets.ad")
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
	p := plan.Problem{Object: id, Path: path, Message: message, Hint: hint}
	if !slices.Contains(d.state.Problems, p) {
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
		{Name: attrEnabled, Value: []string{"false"}, Rule: plan.Force, Loss: plan.LossDisable, Why: why},
		container(ownOU(quarantineRole), d.s.QuarantineOU, why...),
	}
	o.Attrs[1].Loss = plan.LossQuarantine
	o.Gone.Delete, o.Gone.AfterDays = d.s.DeleteAfterDays > 0, d.s.DeleteAfterDays
}
