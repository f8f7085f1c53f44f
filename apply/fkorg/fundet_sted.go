package fkorg

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/plan"
	"orgit.dk/orgit/schema"
)

// organisation shows which unit the municipality's Organisation object points to. Everything else in it is KOMBIT's.
func (l *laesning) organisation(o *Objekt, f *plan.Found) {
	if root := l.gaeldende(o, "Overordnet"); len(root) > 0 {
		f.Attrs[attrRod] = root
		f.Uses = []plan.ID{{Kind: KindEnhed, UUID: org.UUID(root[0])}}
	}
}

// sted shows a payout unit's or contact place's function.
func (l *laesning) sted(o *Objekt, f *plan.Found, set func(string, ...string)) {
	units := l.gaeldende(o, "TilknyttedeEnheder")
	set(attrEnhed, units...)
	for _, u := range units {
		f.Uses = append(f.Uses, plan.ID{Kind: KindEnhed, UUID: org.UUID(u)})
	}
	if f.Kind == KindHenvendelse {
		set(attrOpgaver, l.kendteNaarDelvis(o.UUID, attrOpgaver, l.gaeldende(o, "TilknyttedeOpgaver"))...)
		l.adresser(o, set)
	}
}

// opgaver shows a unit's tasks in the roles that orgit writes. Tasks in other roles and of other types are not shown.
func (l *laesning) opgaver(o *Objekt, set func(string, ...string)) {
	for aspekt, rolle := range l.opgaveroller {
		var now []Relation
		for _, r := range o.Gaeldende("Opgaver", l.nu) {
			if erOpgave(r, rolle) && r.Virkning.Gaelder(l.nu) {
				now = append(now, r)
			}
		}
		set(attrAspekt(aspekt), l.kendteNaarDelvis(o.UUID, attrAspekt(aspekt), referencer(now))...)
	}
}

// erOpgave reports whether a relation is a task in the role.
func erOpgave(r Relation, rolle string) bool {
	return r.Navn == "Opgaver" && r.Rolle.ErTil(rolle) && r.Type.ErTil(typeOpgave)
}

// egne are the references that orgit states or stated.
func (l *laesning) egne(ejer, attr string, refs []string) []string {
	if l.raa {
		return refs
	}
	return slices.DeleteFunc(refs, func(ref string) bool { return !l.kendte[indslag(org.UUID(ejer), attr, org.UUID(ref))] })
}

// kendteNaarDelvis are all references, or only orgit's own where it does not know all that there should be.
func (l *laesning) kendteNaarDelvis(ejer, attr string, refs []string) []string {
	if l.kendte[delvis(org.UUID(ejer), attr)] {
		return l.egne(ejer, attr, refs)
	}
	return refs
}

// funktioner shows which payout unit and contact places a unit refers to. Functions of other types are not shown.
func (l *laesning) funktioner(o *Objekt, set func(string, ...string)) {
	af := map[plan.Kind][]string{}
	for _, ref := range l.gaeldende(o, "TilknyttedeFunktioner") {
		af[l.art(ref)] = append(af[l.art(ref)], ref)
	}
	set(attrUdbetaling, af[KindUdbetaling]...)
	set(attrHenvendelse, af[KindHenvendelse]...)
}

// art is the kind of a function that a unit refers to; empty for one that is neither payout unit nor contact place.
func (l *laesning) art(ref string) plan.Kind {
	for _, kind := range stedarter {
		if l.kendte[plan.ID{Kind: kind, UUID: org.UUID(ref)}] {
			return kind
		}
	}
	return l.arter[ref]
}

// stedarter are the kinds of functions that units refer to.
var stedarter = []plan.Kind{KindUdbetaling, KindHenvendelse}

// laesning is how the reader sees objects at an instant.
func (r *Reader) laesning(nu time.Time) *laesning {
	return &laesning{nu: nu, personAf: r.personAf, personer: r.personer, kendte: r.kendte, opgaveroller: r.opgaveroller, raa: r.raa}
}

// arter tells what the functions are that were read.
func (b *bestand) arter() map[string]plan.Kind {
	out := map[string]plan.Kind{}
	for id := range b.objekter {
		if slices.Contains(stedarter, id.Kind) {
			out[string(id.UUID)] = id.Kind
		}
	}
	return out
}

// arter asks what the functions are that a unit refers to and orgit does not know. Units that orgit alone has written to
// cost no call. A function counts where a search would have found it.
func (r *Reader) arter(ctx context.Context, o *Objekt, nu time.Time) (map[string]plan.Kind, error) {
	if o.Slags != Enhed {
		return nil, nil
	}
	l := r.laesning(nu)
	var unknown []string
	for _, ref := range l.gaeldende(o, "TilknyttedeFunktioner") {
		if l.art(ref) == "" {
			unknown = append(unknown, ref)
		}
	}
	out := map[string]plan.Kind{}
	var mu sync.Mutex
	err := r.klient.grupper(ctx, unknown, func(ctx context.Context, group []string) error {
		functions, err := r.klient.List(ctx, Funktion, group, FraNu(nu))
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, f := range functions {
			for _, kind := range stedarter {
				if f.Levende() && len(f.Gaeldende("TilknyttedeOrganisationer", nu)) > 0 && !r.fremmed(f, nu) && r.ogsaa(kind, f, nu) {
					out[f.UUID] = kind
				}
			}
		}
		return nil
	})
	return out, err
}

// laesOrganisation reads the municipality's Organisation object. Without it nothing that orgit writes would belong to
// anybody, so its absence is an error.
func (b *bestand) laesOrganisation(ctx context.Context) error {
	for id := range b.reader.kendte { // one; two while a proposal names another one
		if id.Kind != KindOrganisation {
			continue
		}
		o, err := b.reader.klient.Laes(ctx, Organisation, string(id.UUID), FraNu(b.nu))
		if err != nil {
			return err
		}
		if o == nil || !o.Levende() {
			return fmt.Errorf("%w: the municipality's Organisation object %s is not there; is targets.fkOrganisation.organisation right, and the token for the municipality's CVR number?", ErrNotConfigured, id.UUID)
		}
		b.tag(id, o)
	}
	return nil
}

// visMaengder gives sets of references the names of what they refer to.
func (b *bestand) visMaengder(f *plan.Found) {
	names := func(attr string, navn func(ref string) string) {
		if refs := f.Attrs[attr]; len(refs) > 0 {
			f.Shows[attr] = shownRefs(refs, navn)
		}
	}
	unit := func(ref string) string {
		if o := b.objekter[plan.ID{Kind: KindEnhed, UUID: org.UUID(ref)}]; o != nil {
			return o.Navn(b.nu)
		}
		return ref
	}
	names(attrRod, unit)
	if at := f.Attrs[attrEnhed]; slices.Contains(stedarter, f.Kind) && len(at) == 1 {
		f.Name += ", " + schema.MaskCPR(unit(at[0])) // all of a kind have the same name
	}
	for attr, kind := range map[string]plan.Kind{attrUdbetaling: KindUdbetaling, attrHenvendelse: KindHenvendelse} {
		names(attr, func(ref string) string {
			if o := b.objekter[plan.ID{Kind: kind, UUID: org.UUID(ref)}]; o != nil {
				for _, r := range o.Gaeldende("TilknyttedeEnheder", b.nu) {
					return unit(r.Ref.UUID())
				}
			}
			return ref
		})
	}
	names(attrItSystemer, b.reader.navn)
	for attr := range f.Attrs {
		if strings.HasPrefix(attr, attrOpgaver) {
			names(attr, b.reader.navn)
		}
	}
}

// navne are what people call the systems and classes that the organisation knows, by UUID.
func navne(o *org.Organisation) map[string]string {
	out := map[string]string{}
	for number, class := range o.Settings.Classes.KLE {
		if was, twice := out[string(class)]; !twice || number < was {
			out[string(class)] = number
		}
	}
	for _, s := range o.Systems {
		out[string(s.UUID)] = s.Name
	}
	return out
}

// navn is what people call a system or class; the UUID when nobody has said.
func (r *Reader) navn(ref string) string {
	if n := r.navne[ref]; n != "" {
		return n
	}
	return ref
}
