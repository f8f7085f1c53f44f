package compare

import "math"

// scorer weighs pairs of people.
type scorer struct {
	r     *register
	model *model
	total float64    // people in both extracts
	n     float64    // people in one of them, on average
	alone int32      // how many have a key that only one person has: 1, or 2 where both stand in one extract
	prior float64    // bits: the odds that two people drawn blindly are one
	side  int        // of the extract that the second one of a pair is from: 1, or 0 within one extract
	units *unitPairs // which unit is which
	// unnumbered: one number is two people's, in two institutions.
	unnumbered bool
	// manager is who of the other extract each of the leading one's people is, as far as it
	// is known; -1: not known. nil: managers are not compared yet.
	manager []int32
}

// score weighs one pair.
func (s *scorer) score(a, b *profile) tally {
	t := tally{bits: s.prior}
	s.keys(&t, a, b)
	s.names(&t, a, b)
	s.place(&t, a, b)
	switch {
	case t.doubt != "":
	case a.impersonal != b.impersonal:
		t.bits -= impersonalBits
		t.doubt = NotPersonal
	case t.otherName(a, b):
		t.doubt = OtherName
	}
	return t
}

// impersonalBits keep an administrator's second account out of the way of their own one, which has the
// same number and name.
const impersonalBits = 40

// otherName reports whether two names are too unlike to be one person's without a question. A surname may
// change; another given name as well is somebody else's, and one at all needs two sure keys.
func (t *tally) otherName(a, b *profile) bool {
	if len(a.given)+len(a.family) == 0 || len(b.given)+len(b.family) == 0 || t.level(Given) != Differs {
		return false
	}
	oneHasNone := len(a.given) == 0 || len(b.given) == 0
	return t.level(Surname) == Differs || !oneHasNone && t.keys < 2
}

// keys weighs the sure keys. CPR numbers that differ are two people: no other evidence
// makes them one, but somebody may have to look.
func (s *scorer) keys(t *tally, a, b *profile) {
	if a.cpr >= 0 && b.cpr >= 0 {
		if a.cpr == b.cpr {
			s.key(t, CPR, Equal, s.r.cprs.most(a.cpr), wrongCPR)
		} else {
			t.add(s.model, CPR, Differs, 1)
			t.doubt = OtherCPR
		}
	}
	s.keyed(t, Identity, s.r.ids, a.ids, b.ids, wrongIdentity)
	if !s.unnumbered {
		s.keyed(t, Number, s.r.numbers, a.numbers, b.numbers, wrongNumber)
	}
	s.keyed(t, Account, s.r.accounts, a.accounts, b.accounts, wrongAccount)
	s.keyed(t, Mail, s.r.mails, a.mails, b.mails, wrongMail)
}

// keyed weighs a sure key of which both may have several: the one that fewest have counts.
func (s *scorer) keyed(t *tally, f Field, in *values, a, b []int32, wrong float64) {
	if len(a) == 0 || len(b) == 0 {
		return
	}
	fewest := int32(math.MaxInt32)
	for _, x := range a {
		for _, y := range b {
			if x == y {
				fewest = min(fewest, in.most(x))
			}
		}
	}
	switch {
	case fewest < math.MaxInt32:
		s.key(t, f, Equal, fewest, wrong)
	case s.model[f][Differs] > 0 && s.side == 1:
		t.add(s.model, f, Differs, 1)
	}
}

// key weighs a key that agrees. One that several of an extract have is no key; it weighs as any
// value that so many have.
func (s *scorer) key(t *tally, f Field, l Level, holders int32, wrong float64) {
	if holders > s.alone {
		t.add(s.model, f, l, float64(holders)/s.n)
	} else {
		t.add(s.model, f, l, wrong/s.n)
	}
	if holders <= sharedKey {
		t.keys++
	}
}

// sharedKey is how many may have a key before nobody is asked only because it agrees.
const sharedKey = 3

// place weighs unit, manager, phones and title. Unit, manager and a phone that many share say
// the same: who works there. So only the strongest counts.
func (s *scorer) place(t *tally, a, b *profile) {
	unit, unitU, matched := s.units.level(a, b, s.n)
	best, bits := -1, math.Inf(-1)
	group := func(f Field, l Level, u float64) {
		t.weigh(f, l, 0)
		if w := math.Log2(s.model[f][l] / min(u, 1)); w > bits {
			best, bits = t.n-1, w
		}
	}
	if unit != unknown {
		group(Unit, unit, unitU)
	}
	if s.manager != nil && a.manager >= 0 && b.manager >= 0 && s.manager[a.manager] == b.manager {
		group(Manager, Equal, float64(s.r.managed[s.side][b.manager])/s.n)
	}
	personal := int32(-1)
	if shared := s.phones(t, a, b, &personal); shared >= 0 {
		group(SharedPhone, Equal, float64(s.r.phones.most(shared))/s.n)
	}
	if best >= 0 {
		t.entries[best].bits = bits
		t.bits += bits
	}
	if personal >= 0 {
		u := float64(s.r.phones.most(personal)) / (s.n + crowd)
		if bits > 0 {
			u = takenOver
		}
		t.add(s.model, Phone, Equal, u)
	}
	s.title(t, a, b, matched)
}

// fewPhone is how many may have a phone that is still somebody's own.
const fewPhone = 2

// phones finds the phones that both have: the one of their own, and the one that more share.
func (s *scorer) phones(t *tally, a, b *profile, personal *int32) (shared int32) {
	shared = -1
	if len(a.phones) == 0 || len(b.phones) == 0 {
		return shared
	}
	for _, x := range a.phones {
		for _, y := range b.phones {
			switch {
			case x != y:
			case s.r.phones.most(x) <= fewPhone:
				*personal = x
			default:
				shared = x
			}
		}
	}
	if *personal < 0 && shared < 0 {
		t.add(s.model, Phone, Differs, different)
	}
	return shared
}

// title weighs titles; those of one unit among the titles that are usual there.
func (s *scorer) title(t *tally, a, b *profile, unit int32) {
	if len(a.titles) == 0 || len(b.titles) == 0 {
		return
	}
	best := math.Inf(1)
	for _, x := range a.titles {
		for _, y := range b.titles {
			if x == y {
				best = min(best, s.titleShare(x, unit))
			}
		}
	}
	if math.IsInf(best, 1) {
		t.add(s.model, Title, Differs, different)
		return
	}
	t.add(s.model, Title, Equal, best)
}

// titleShare is how many of a unit's people have a title, or of all where unit is -1.
func (s *scorer) titleShare(title, unit int32) float64 {
	h := s.r.titles.holders[title]
	everywhere := float64(h[0]+h[1]) / s.total
	if unit < 0 {
		return everywhere
	}
	here := float64(s.r.titled[s.side][[2]int32{unit, title}])
	return (here + everywhere) / (float64(s.r.size[s.side][unit]) + 1)
}
