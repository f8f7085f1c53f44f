package compare

import "math"

// model is how often two records of one person agree on each level of each field: m.
type model [fields][levels]float64

// defaults are cautious guesses, which stand where no sure key joins pairs to count on. A
// missing level is one that the field does not have. They are in the order of Level.
func defaults() *model {
	m := &model{}
	for _, row := range []struct {
		field Field
		level Level
		share float64
	}{
		{CPR, Equal, 0.999}, {CPR, Differs, wrongCPR},
		{Identity, Equal, 0.9},
		{Number, Equal, 0.95}, {Number, Differs, 0.05},
		{Account, Equal, 0.95}, {Account, Differs, 0.05},
		{Mail, Equal, 0.9}, {Mail, Differs, 0.1},
		{Given, Equal, 0.9}, {Given, Spelling, 0.02}, {Given, Nickname, 0.015}, {Given, Initial, 0.01}, {Given, Part, 0.025}, {Given, Typo, 0.015}, {Given, Swapped, 0.01}, {Given, Differs, 0.01},
		{Surname, Equal, 0.87}, {Surname, Spelling, 0.02}, {Surname, Initial, 0.005}, {Surname, Part, 0.04}, {Surname, Typo, 0.02}, {Surname, Swapped, 0.01}, {Surname, Differs, 0.03},
		{Middle, Equal, 0.95}, {Middle, Differs, 0.05},
		{Unit, Equal, 0.8}, {Unit, Near, 0.1}, {Unit, Differs, 0.1},
		{Manager, Equal, 0.8},
		{SharedPhone, Equal, 0.8},
		{Phone, Equal, 0.75}, {Phone, Differs, 0.25},
		{Title, Equal, 0.7}, {Title, Differs, 0.3},
	} {
		m[row.field][row.level] = row.share
	}
	return m
}

// guessed is how many pairs the defaults are worth beside counted ones.
const guessed = 50

// learn counts the levels of pairs that are the same into a model.
func learn(counted *[fields][levels]int) *model {
	m := defaults()
	for f := range m {
		sum := 0
		for _, n := range counted[f] {
			sum += n
		}
		for l, share := range m[f] {
			if share > 0 && Field(f) > Mail {
				m[f][l] = (float64(counted[f][l]) + guessed*share) / (float64(sum) + guessed)
			}
		}
	}
	return m
}

// How often a sure key stands with the wrong person: an employee number that was typed
// wrong or given on, a mail address that a successor took over. It is their u, for one
// person of all. One in so many is more than what registers show, so that a key never
// outweighs everything else.
const (
	wrongCPR      = 1e-4
	wrongIdentity = 1e-3
	wrongNumber   = 4e-3
	wrongAccount  = 2e-3
	wrongMail     = 1e-2
	// takenOver is how often a successor in the same unit has the phone of whoever was there before.
	takenOver = 1e-2
)

// different is how often two people differ in a field: nearly always.
const different = 0.97

// tally is what a pair's fields agree on, and what that weighs.
type tally struct {
	entries [14]entry
	n       int
	bits    float64
	keys    int // how many sure keys agree
	doubt   Doubt
}

type entry struct {
	field Field
	level Level
	bits  float64
}

// add takes a field in: m from the model, u how often two people agree so.
func (t *tally) add(m *model, f Field, l Level, u float64) {
	t.weigh(f, l, math.Log2(m[f][l]/min(max(u, 1e-12), 1)))
}

func (t *tally) weigh(f Field, l Level, bits float64) {
	t.entries[t.n] = entry{f, l, bits}
	t.n++
	t.bits += bits
}

// level is the level of a field, Differs where nothing was compared.
func (t *tally) level(f Field) Level {
	for _, e := range t.entries[:t.n] {
		if e.field == f {
			return e.level
		}
	}
	return Differs
}

// of is the weight of a field.
func (t *tally) of(f Field) float64 {
	sum := 0.0
	for _, e := range t.entries[:t.n] {
		if e.field == f {
			sum += e.bits
		}
	}
	return sum
}
