package fkorgtest

import (
	"time"

	"orgit.dk/orgit/internal/soap/xmltree"
)

// Values of LivscyklusKode. A ret leaves it as it is: version 6 has no "Rettet".
const (
	codeCreated    = "Opstaaet"
	codeImported   = "Importeret"
	codePassivated = "Passiveret"
	codeDeleted    = "Slettet"
)

// Places of the three lists in a registration.
const (
	attributes = iota
	states
	relations
)

var listNames = [3]string{"AttributListe", "TilstandListe", "RelationListe"}

// lists are the three lists of a registration.
type lists [3][]entry

// registration is one entry on the axis of registration time.
type registration struct {
	at   time.Time // the server's
	code string    // LivscyklusKode
	lists
}

// object is everything that was ever registered under a UUID.
type object struct {
	uuid          string
	place         uint64         // where it stands in answers
	registrations []registration // oldest first
	read          int            // how many there were when somebody last read the object
}

func (o *object) newest() *registration { return &o.registrations[len(o.registrations)-1] }

func (o *object) alive() bool {
	return o.newest().code != codePassivated && o.newest().code != codeDeleted
}

// store keeps the objects of all municipalities. The server's lock guards it.
type store struct {
	pool
	registers map[string]*register // by CVR
	made      int                  // UUIDs that opret has given out
}

func newStore() store { return store{pool: newPool(), registers: map[string]*register{}} }

// register is what one municipality sees. Nothing in it is shared with another.
type register struct {
	pool
	shelves map[string]*shelf // by service
	lost    int               // changes that were overwritten by somebody who had not read them
	dropped int               // entries that a ret has left out instead of ending them
}

// of finds a municipality's register, which begins empty.
func (st *store) of(cvr string) *register {
	r := st.registers[cvr]
	if r == nil {
		r = &register{pool: st.pool, shelves: map[string]*shelf{}}
		for _, s := range services {
			r.shelves[s.name] = newShelf(s)
		}
		st.registers[cvr] = r
	}
	return r
}

// keep makes entries of the lists of a message, which are those of parent in the service's namespace. Lists that are
// absent are those of before.
func (r *register) keep(s *service, parent *xmltree.Node, before lists) lists {
	out := before
	for i, name := range listNames {
		if sent := parent.Child(s.ns(), name); sent != nil {
			out[i] = r.entries(sent)
		}
	}
	return out
}
