package fkorg

import (
	"context"

	"orgit.dk/orgit/apply"
)

// Examine says whether FK Organisation can be used as it is configured. It writes nothing.
func Examine(ctx context.Context, c Config) []apply.Check {
	checks := []apply.Check{{Subject: "configuration", State: apply.CheckGood, Text: c.URL}}
	return append(checks, Open(c).soegEnEnhed(ctx))
}

// soegEnEnhed makes the smallest search there is.
func (k *Klient) soegEnEnhed(ctx context.Context) apply.Check {
	q := Soegning{Relationer: []Relation{{Navn: "Tilhoerer", Ref: Til(k.organisation)}}}
	hits, err := k.Soeg(ctx, Enhed, q, Side{Fra: 0, Antal: 1})
	if err != nil {
		err = aarsag(err)
		return apply.Check{Subject: "search", State: apply.CheckFault, Text: err.Error(), Err: err}
	}
	text := "the service answers; it knows units of the municipality"
	if len(hits) == 0 {
		text = "the service answers; it knows no unit of the municipality yet"
	}
	return apply.Check{Subject: "search", State: apply.CheckGood, Text: text}
}
