package os2mo

import (
	"strings"
	"testing"
)

func TestParseAnswer(t *testing.T) {
	const one = `{"uuid": "4A8E965B-52e6-4149-af9f-817770daa12c", "validities": [{"given_name": "A", "validity": {"from": null, "to": null}}]}`
	list := func(objects, info string) string {
		return `{"data": {"persons": {"objects": [` + objects + `], "page_info": ` + info + `}}}`
	}
	for name, test := range map[string]struct{ text, want string }{
		"a page":                {list(one, `{"next_cursor": "x"}`), ""},
		"the last page":         {list(``, `{"next_cursor": null}`), ""},
		"another collection":    {`{"data": {"org_units": {"objects": [], "page_info": {"next_cursor": null}}}}`, "holds no persons"},
		"no data":               {`{}`, "holds no persons"},
		"null":                  {`{"data": {"persons": null}}`, "holds no persons"},
		"no cursor":             {list(one, `{}`), "does not say whether there are more"},
		"an empty cursor":       {list(one, `{"next_cursor": ""}`), "a text is missing"},
		"no objects":            {`{"data": {"persons": {"page_info": {"next_cursor": null}}}}`, "lacks its objects"},
		"an object that failed": {list(`null`, `{"next_cursor": null}`), "object 1 of the page"},
		"no UUID":               {list(`{"uuid": "1"}`, `{"next_cursor": null}`), "no UUID"},
		"no validities":         {list(`{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c"}`, `{"next_cursor": null}`), "validities are missing"},
		"a validity that failed": {list(`{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [null]}`, `{"next_cursor": null}`),
			"without a period"},
		"half a period": {list(`{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [{"validity": {"from": null}}]}`, `{"next_cursor": null}`),
			"without a period"},
		"a date alone": {list(`{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [{"validity": {"from": "2026-01-01", "to": null}}]}`, `{"next_cursor": null}`),
			"a time is not written"},
		"another kind of value": {list(`{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [{"given_name": 1}]}`, `{"next_cursor": null}`),
			"a number where another kind of value belongs"},
		"a web page":     {`<html>`, "not well-formed"},
		"two answers":    {list(one, `{"next_cursor": null}`) + `{}`, "more after the end"},
		"cut":            {list(one, `{"next_cursor": null}`)[:60], "breaks off"},
		"errors":         {`{"errors": [{"message": "a\n b", "extensions": {"error_context": {"error_key": "E_X"}}}, {"message": "c"}]}`, "a b (E_X), and 1 more errors"},
		"not allowed":    {`{"errors": [{"message": "No policy approved the access"}]}`, ErrDenied.Error()},
		"a long message": {`{"errors": [{"message": "` + strings.Repeat("é", 1000) + `"}]}`, strings.Repeat("é", 300) + "…"},
		"a list that goes on": {
			`{"data": {"persons": {"objects": [{"uuid": "4a8e965b-52e6-4149-af9f-817770daa12c", "validities": [{"org_units_response": {"objects": [], "page_info": {"next_cursor": "x"}}, "validity": {"from": null, "to": null}}]}], "page_info": {"next_cursor": null}}}}`,
			"a list of references is not whole"},
	} {
		var err error
		if name == "a list that goes on" {
			_, err = parseAnswer[object[relatedUnit]]([]byte(test.text), "persons")
		} else {
			_, err = parseAnswer[object[person]]([]byte(test.text), "persons")
		}
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
