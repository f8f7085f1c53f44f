package table

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"orgit.dk/orgit/internal/spreadsheet"
	"orgit.dk/orgit/org"
	"orgit.dk/orgit/org/propose/sheet"
	"orgit.dk/orgit/org/source"
	"orgit.dk/orgit/schema"
)

// grid is a sheet with what its columns are.
type grid struct {
	*spreadsheet.TableSheet
	columns []column // empty for one that is not known
	twice   string   // a heading that stands twice
}

func (r *reader) grid(s *spreadsheet.TableSheet, known []heading) *grid {
	g := &grid{TableSheet: s}
	for _, text := range s.Rows[0].Cells {
		c := r.headings.among(known, text)
		if c != "" && slices.Contains(g.columns, c) {
			g.twice = text
		}
		g.columns = append(g.columns, c)
	}
	return g
}

func (g *grid) has(c column) bool { return slices.Contains(g.columns, c) }

// cells are a row's.
type cells struct {
	r   *reader
	g   *grid
	row spreadsheet.Row
	at  source.Origin
}

func (r *reader) cells(g *grid, row spreadsheet.Row) *cells {
	return &cells{r: r, g: g, row: row, at: r.origin(g, row)}
}

// text is what stands in a column, as it was typed.
func (c *cells) text(of column) string {
	if i := slices.Index(c.g.columns, of); i >= 0 && i < len(c.row.Cells) {
		return c.row.Cells[i]
	}
	return ""
}

// name is a text with single blanks.
func (c *cells) name(of column) string { return c.r.notes.Text(c.at, c.r.headings[of], c.text(of)) }

// fault says what is wrong with a cell, or where its column is missing with the row.
func (c *cells) fault(of column, format string, args ...any) {
	f := Fault{Sheet: schema.MaskCPR(c.g.Name), Row: c.row.Number, Text: schema.MaskCPR(fmt.Sprintf(format, args...))}
	if i := slices.Index(c.g.columns, of); i >= 0 {
		f.Cell, f.Heading = spreadsheet.CellName(c.row.Number, i), schema.MaskCPR(c.r.headings[of])
	}
	c.r.faults = append(c.r.faults, f)
}

var slashed = regexp.MustCompile(`^(\d{1,2}) */ *(\d{1,2}) */ *\d{4}`)

// day reads a day: 31-12-2026, 31.12.2026, 31. december 2026, 2026-12-31, 31/12/2026, or what Excel keeps for one. With
// slashes the month may stand first, so a day that can be read in two ways is refused.
func (c *cells) day(of column) org.Day {
	text := c.text(of)
	if text == "" || text == "9999-12-31" || text == "31-12-9999" {
		return ""
	}
	if t, ok := c.g.Day(text); ok {
		return org.Day(t.Format("2006-01-02"))
	}
	if m := slashed.FindStringSubmatch(text); m != nil {
		one, errOne := strconv.Atoi(m[1])
		other, errOther := strconv.Atoi(m[2])
		if errOne == nil && errOther == nil && one <= 12 && other <= 12 && one != other {
			c.fault(of, "%q kan læses på to måder (dag/måned eller måned/dag); skriv dag-måned-år, for eksempel 31-12-2026", text)
			return ""
		}
	}
	day, ok := sheet.ParseDay(text)
	if !ok || day < "1900-01-01" {
		c.fault(of, "%q er ingen dato; skriv dag-måned-år, for eksempel 31-12-2026", text)
		return ""
	}
	return day
}

// period reads the first and the last day.
func (c *cells) period(from, to column) org.Period {
	p := org.Period{From: c.day(from), To: c.day(to)}
	if p.To != "" && p.From > p.To {
		c.fault(to, "ligger før den første dag, %s", p.From)
	}
	return p
}

// fraction reads a part of full time: 80 %, 0,8 or 0.8. What is above 1 without a percent sign is not guessed.
func (c *cells) fraction(of column) float64 {
	text := c.text(of)
	if text == "" {
		return 0
	}
	number, percent := strings.CutSuffix(strings.ReplaceAll(text, " ", ""), "%")
	n, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", "."), 64)
	if percent {
		n /= 100
	}
	n = math.Round(n*10_000) / 10_000
	if err != nil || !(n > 0 && n <= 1) {
		c.fault(of, "%q er ingen beskæftigelsesgrad; skriv for eksempel 80 %% eller 0,8", text)
		return 0
	}
	return n
}

func (c *cells) yes(of column) bool {
	switch strings.ToLower(c.text(of)) {
	case "ja", "x", "1", "true", "sand":
		return true
	case "", "nej", "0", "false", "falsk":
	default:
		c.fault(of, "skal være ja eller nej")
	}
	return false
}

// id reads what something is known by, such as a number or code. It has no blanks within, and is not long.
func (c *cells) id(of column) string {
	text := c.text(of)
	if len(text) > 100 || strings.ContainsAny(text, "\n\t\r\uFFFD") {
		c.fault(of, "er for lang til at være et nummer eller en kode")
		return ""
	}
	return text
}

// addresses reads phones, mail and room.
func (c *cells) addresses(phones map[column]string, email, room column) map[string]string {
	out := map[string]string{}
	for _, of := range []column{colPhone, colMobile, colLandline, colUnitPhone} {
		if role := phones[of]; role != "" {
			if phone := c.r.notes.Phone(c.at, c.text(of)); phone != "" {
				out[role] = phone
			}
		}
	}
	if mail := c.r.notes.Mail(c.at, c.text(email)); mail != "" {
		out["email"] = mail
	}
	if text := c.name(room); text != "" {
		out["room"] = text
	}
	return out
}
