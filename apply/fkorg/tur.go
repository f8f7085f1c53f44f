package fkorg

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"orgit.dk/orgit/apply"
	"orgit.dk/orgit/internal/soap/xmltree"
)

// tur is the change of one object until it is done: read, change, send, and again when the answer says that the picture
// was wrong, or when there is none. What was sent may have been done although there was no answer, so every further try
// reads first: importer then finds the object, and a change finds nothing left to change.
type tur struct {
	w       *Writer
	slags   *Slags
	uuid    string
	foerste *Objekt // what was read just before; nil: the first try reads too
	laes    func(context.Context) (*Objekt, error)
	// aendr changes a copy of what was read; uventet says whether what was read again allows it.
	aendr, uventet func(*Objekt) error
	ny             nyhed   // the first try makes the object without reading; "it is there already" says otherwise
	manglendeLaves bool    // the object is made when it is not there
	luk            bool    // an object that is not there is as good as closed
	genskabes      bool    // the last resort is allowed: the plan said so
	taget          *Objekt // what is on its way through the last resort: made passive, or about to be, and not back yet
	registreret    time.Duration
	virkning       bool // the order of time was refused once already
}

func (t *tur) koer(ctx context.Context) error {
	defer t.w.laase.tag(t.slags.tjeneste + " " + t.uuid)()
	for i := 0; ; i++ {
		done, err := t.proev(ctx, i)
		if done || i+1 == forsoeg || !t.igen(err) {
			return err
		}
		if forbigaaende(err) {
			if stop := t.w.klient.vent(ctx, pause(i)); stop != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// proev is one try. Only the first one may go without reading.
func (t *tur) proev(ctx context.Context, i int) (done bool, err error) {
	switch {
	case i == 0 && bool(t.ny):
		return t.lav(ctx)
	case i == 0 && t.foerste != nil:
		return t.ret(ctx, t.foerste)
	}
	before, err := t.laes(ctx)
	if err != nil {
		return true, err // reading has been patient already
	}
	if before == nil || !before.Levende() {
		if t.taget != nil {
			err := t.genskab(ctx)
			return err == nil, err
		}
		if before != nil {
			t.uuid = before.UUID // a person may be another object than orgit's own, which is the one that users refer to
		}
		return t.lav(ctx)
	}
	if err := t.uventet(before); err != nil {
		return true, err
	}
	return t.ret(ctx, before)
}

// igen reports whether reading again and deciding anew makes sense after an error.
func (t *tur) igen(err error) bool {
	switch kode := statusAf(err); kode {
	case statusFindesIkke, statusForkertStand:
		return true
	case statusVirkning:
		first := !t.virkning
		t.virkning = true
		return first
	case statusForTidligt:
		first := t.registreret == 0
		t.registreret = stortUrskel
		return first
	}
	return forbigaaende(err)
}

// ret changes an object that is there. A status 40 says that the service will not take this change, now or later.
func (t *tur) ret(ctx context.Context, before *Objekt) (done bool, err error) {
	after := before.Klon()
	if err := t.aendr(after); err != nil {
		return true, err
	}
	if bytes.Equal(indhold(before), indhold(after)) {
		return true, nil
	}
	err = t.w.klient.Ret(ctx, after)
	if harStatus(err, statusForkert) && t.genskabes {
		t.taget = after // from here on a try that finds the object passive brings it back
		if err = t.w.klient.Passiver(ctx, t.slags, after.UUID); err == nil {
			err = t.genskab(ctx)
		}
	}
	return err == nil, err
}

// genskab is the last resort, where the settings name the object and the plan showed it: what is stored can be so broken that every change is
// refused until the object is made passive and imported again with all that it held. A function that is closed need not
// come back.
func (t *tur) genskab(ctx context.Context) error {
	if t.luk && t.slags == Funktion {
		return nil
	}
	if err := t.w.klient.Importer(ctx, t.taget); err != nil {
		return fmt.Errorf("it was made passive and is not back yet: %w", err)
	}
	return nil
}

// lav makes an object that is not there.
func (t *tur) lav(ctx context.Context) (done bool, err error) {
	switch {
	case t.luk:
		return true, nil
	case !t.manglendeLaves:
		return true, fmt.Errorf("%w: it is not there any more", apply.ErrStale)
	}
	o := &Objekt{Slags: t.slags, UUID: t.uuid}
	if err := t.aendr(o); err != nil {
		return true, err
	}
	err = t.w.klient.importer(ctx, o, t.registreret)
	return err == nil, err
}

// indhold is what a ret would send, with the relations in one order.
func indhold(o *Objekt) []byte {
	c := o.Klon()
	slices.SortStableFunc(c.Relationer, func(a, b Relation) int { return bytes.Compare([]byte(a.Navn), []byte(b.Navn)) })
	return xmltree.Write(retInput(c), c.Slags.praefikser())
}

// laase are locks by name. The zero value has none taken.
type laase struct {
	mu    sync.Mutex
	taget map[string]*laas
}

type laas struct {
	mu      sync.Mutex
	brugere int
}

// tag takes the lock and gives the function that releases it.
func (l *laase) tag(navn string) (slip func()) {
	l.mu.Lock()
	if l.taget == nil {
		l.taget = map[string]*laas{}
	}
	en := l.taget[navn]
	if en == nil {
		en = &laas{}
		l.taget[navn] = en
	}
	en.brugere++
	l.mu.Unlock()
	en.mu.Lock()
	return func() {
		en.mu.Unlock()
		l.mu.Lock()
		defer l.mu.Unlock()
		if en.brugere--; en.brugere == 0 {
			delete(l.taget, navn)
		}
	}
}
