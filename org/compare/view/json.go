package view

import (
	"encoding/json"
	"fmt"
	"io"

	"orgit.dk/orgit/org/compare"
	"orgit.dk/orgit/org/compare/agenda"
)

type jsonAgenda struct {
	Registers []jsonRegister `json:"registers"` // the leading one first
	Counts    []jsonCount    `json:"counts"`
	Items     []jsonItem     `json:"items"`
}

type jsonRegister struct {
	agenda.Register
	Units       int  `json:"units"`
	People      int  `json:"people"`
	FoundUnits  *int `json:"foundUnits,omitempty"` // that the leading one has too
	FoundPeople *int `json:"foundPeople,omitempty"`
}

type jsonCount struct {
	Kind    compare.Kind `json:"kind"`
	Heading string       `json:"heading"`
	Count   int          `json:"count"`
}

type jsonItem struct {
	ID      string       `json:"id"`
	Version string       `json:"version"`
	Kind    compare.Kind `json:"kind"`
	Name    string       `json:"name"`
	Units   []string     `json:"units"`
	Lead    *jsonSide    `json:"lead"` // null: the register does not have it
	Other   *jsonSide    `json:"other"`
	Why     []string     `json:"why"`
	Hidden  bool         `json:"hidden,omitempty"` // values are left out: protected address
}

type jsonSide struct {
	Source string   `json:"source"`
	ID     string   `json:"id,omitempty"`
	Name   string   `json:"name"`
	About  []string `json:"about,omitempty"`
	Values []string `json:"values,omitempty"`
	Origin string   `json:"origin,omitempty"`
}

// JSON writes the whole agenda for a program. Kinds are those of the packages compare and agenda.
func JSON(to io.Writer, a *agenda.Agenda) error {
	out := jsonAgenda{Counts: []jsonCount{}, Items: []jsonItem{}}
	for i, r := range a.Registers {
		register := jsonRegister{Register: r, Units: r.Units, People: r.People}
		if i > 0 {
			register.FoundUnits, register.FoundPeople = &a.Found[i-1].Units, &a.Found[i-1].People
		}
		out.Registers = append(out.Registers, register)
	}
	for _, kind := range agenda.Kinds() {
		if n := a.Count(kind); n > 0 {
			out.Counts = append(out.Counts, jsonCount{kind, agenda.Heading(kind, a.Language), n})
		}
	}
	for _, item := range a.Items {
		out.Items = append(out.Items, jsonItem{ID: item.ID, Version: item.Version, Kind: item.Kind, Name: item.Name, Units: listed(item.Units),
			Lead: sideOf(item.Lead), Other: sideOf(item.Other), Why: listed(item.Why), Hidden: item.Hidden})
	}
	enc := json.NewEncoder(to)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

func sideOf(s agenda.Side) *jsonSide {
	if s.Source == "" {
		return nil
	}
	return &jsonSide{Source: s.Source, ID: s.ID, Name: s.Name, About: s.About, Values: s.Values, Origin: s.Origin}
}

// listed is a list that is never null.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
