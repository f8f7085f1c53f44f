package plan

import (
	"fmt"
	"maps"

	"orgit.dk/orgit/org"
	"orgit.dk/orgit/schema"
)

// objectRecord is a Found in a snapshot.
type objectRecord struct {
	Kind       Kind                  `json:"kind,omitempty"`
	UUID       org.UUID              `json:"uuid,omitempty"`
	Name       string                `json:"name,omitempty"`
	Ref        string                `json:"ref,omitempty"`
	Handle     string                `json:"handle,omitempty"`
	Attrs      map[string][]string   `json:"attrs,omitempty"`
	Shows      map[string]string     `json:"shows,omitempty"`
	Uses       []ID                  `json:"uses,omitempty"`
	Out        bool                  `json:"out,omitempty"`
	OutSince   org.Day               `json:"outSince,omitempty"`
	Held       map[string]string     `json:"held,omitempty"`
	Holds      map[string]holdRecord `json:"holds,omitempty"`
	Unfinished map[string]bool       `json:"unfinished,omitempty"`
	Overruled  map[string]bool       `json:"overruled,omitempty"`
	Pinned     string                `json:"pinned,omitempty"`
	Protected  Protection            `json:"protected,omitempty"`
}

type holdRecord struct {
	Code        AttentionCode `json:"code,omitempty"`
	Day         org.Day       `json:"day,omitempty"`
	FilesDecide bool          `json:"filesDecide,omitempty"`
}

// foreignRecord is a Foreign in a snapshot.
type foreignRecord struct {
	Kind      Kind                `json:"kind,omitempty"`
	Ref       string              `json:"ref"`
	Name      string              `json:"name,omitempty"`
	Note      string              `json:"note,omitempty"`
	Holds     []map[string]string `json:"holds,omitempty"`
	Candidate *candidateRecord    `json:"candidate,omitempty"`
}

type candidateRecord struct {
	Handle    string              `json:"handle,omitempty"`
	Value     string              `json:"value,omitempty"`
	Kind      string              `json:"kind,omitempty"`
	In        string              `json:"in,omitempty"`
	Signs     map[string][]string `json:"signs,omitempty"`
	Shows     map[string]string   `json:"shows,omitempty"`
	Hides     string              `json:"hides,omitempty"`
	Protected Protection          `json:"protected,omitempty"`
	Owner     string              `json:"owner,omitempty"`
	Object    *objectRecord       `json:"object,omitempty"`
}

// veil makes records. What a plan compares in memory only, such as the DN of a foreign
// object, may look like a CPR number; such a text becomes a token, the same for the same
// text within one target, so that what was equal is equal still and nothing else is: what
// the organisation asks for never looks like one.
type veil struct{ tokens map[string]string }

func (v veil) text(text string) string {
	masked := schema.MaskCPR(text)
	if masked == text {
		return text
	}
	if v.tokens[text] == "" {
		v.tokens[text] = fmt.Sprintf("%s #%d", masked, len(v.tokens)+1)
	}
	return v.tokens[text]
}

func (v veil) texts(values []string) []string {
	if values == nil {
		return nil
	}
	veiled := make([]string, len(values))
	for i, value := range values {
		veiled[i] = v.text(value)
	}
	return veiled
}

func (v veil) object(f *Found) *objectRecord {
	r := &objectRecord{
		Kind: f.Kind, UUID: f.UUID, Name: f.Name, Ref: f.Ref, Handle: f.Handle, Attrs: f.Attrs, Shows: f.Shows, Uses: f.Uses,
		Out: f.Out, OutSince: f.OutSince, Held: f.Held, Unfinished: f.Unfinished, Overruled: f.Overruled, Pinned: f.Pinned, Protected: f.Protected,
	}
	for name, h := range f.Holds {
		if r.Holds == nil {
			r.Holds = map[string]holdRecord{}
		}
		r.Holds[name] = holdRecord(h)
	}
	return r
}

func (r *objectRecord) found() Found {
	f := Found{
		ID: ID{r.Kind, r.UUID}, Name: r.Name, Ref: r.Ref, Handle: r.Handle, Attrs: r.Attrs, Shows: r.Shows, Uses: r.Uses,
		Out: r.Out, OutSince: r.OutSince, Held: r.Held, Unfinished: r.Unfinished, Overruled: r.Overruled, Pinned: r.Pinned, Protected: r.Protected,
	}
	for name, h := range r.Holds {
		if f.Holds == nil {
			f.Holds = map[string]Hold{}
		}
		f.Holds[name] = Hold(h)
	}
	return f
}

func (v veil) foreign(f *Foreign) *foreignRecord {
	r := &foreignRecord{Kind: f.Kind, Ref: f.Ref, Name: f.Name, Note: f.Note}
	for _, hold := range f.Holds {
		veiled := make(map[string]string, len(hold))
		for _, name := range sortedKeys(hold) {
			veiled[name] = v.text(hold[name])
		}
		r.Holds = append(r.Holds, veiled)
	}
	if c := f.Candidate; c != nil {
		r.Candidate = &candidateRecord{
			Handle: c.Handle, Value: v.text(c.Value), Kind: c.Kind, In: v.text(c.In), Shows: c.Shows, Hides: c.Hides,
			Protected: c.Protected, Owner: c.Owner,
		}
		if c.Signs != nil {
			r.Candidate.Signs = make(map[string][]string, len(c.Signs))
		}
		for _, name := range sortedKeys(c.Signs) {
			r.Candidate.Signs[name] = v.texts(c.Signs[name])
		}
		if c.Found != nil {
			r.Candidate.Object = v.object(c.Found)
		}
	}
	return r
}

func (r *foreignRecord) foreign() Foreign {
	f := Foreign{Kind: r.Kind, Ref: r.Ref, Name: r.Name, Note: r.Note, Holds: r.Holds}
	if c := r.Candidate; c != nil {
		f.Candidate = &Candidate{
			Handle: c.Handle, Value: c.Value, Kind: c.Kind, In: c.In, Signs: c.Signs, Shows: c.Shows, Hides: c.Hides,
			Protected: c.Protected, Owner: c.Owner,
		}
		if c.Object != nil {
			object := c.Object.found()
			f.Candidate.Found = &object
		}
	}
	return f
}

// looksLikeCPR says which part of the record looks like a CPR number; empty when none
// does. Values of the form of a phone or P-number pass: the target knows which they are
// (Found.Masked).
func (r *objectRecord) looksLikeCPR() string {
	for name, values := range r.Attrs {
		for _, value := range values {
			if isCPR(value) && !schema.IsPhone(value) && !schema.IsPNumber(value) {
				return "a value of " + name
			}
		}
	}
	switch {
	case anyCPR(r.Name, r.Ref, r.Handle, r.Pinned):
		return "a name"
	case anyIn(r.Shows), anyIn(r.Held):
		return "a value as people read it"
	}
	return ""
}

func (r *foreignRecord) looksLikeCPR() string {
	if anyCPR(r.Ref, r.Name, r.Note) {
		return "the name of a foreign object"
	}
	for _, hold := range r.Holds {
		if anyIn(hold) {
			return "a name that a foreign object has"
		}
	}
	c := r.Candidate
	if c == nil {
		return ""
	}
	for name, values := range c.Signs {
		if anyCPR(values...) {
			return "the sign " + name
		}
	}
	if anyCPR(c.Handle, c.Value, c.In, c.Owner) || anyIn(c.Shows) {
		return "what a foreign object is recognised by"
	}
	if c.Object != nil {
		return c.Object.looksLikeCPR()
	}
	return ""
}

func isCPR(text string) bool { return len(schema.FindCPR(text)) > 0 }

func anyCPR(texts ...string) bool {
	for _, t := range texts {
		if isCPR(t) {
			return true
		}
	}
	return false
}

func anyIn(texts map[string]string) bool {
	for t := range maps.Values(texts) {
		if isCPR(t) {
			return true
		}
	}
	return false
}
