package opus_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/source/opus"
)

const orgUnit = ` <orgUnit id="%d" client="999" lastChanged="2026-09-01">
  <startDate>2018-01-01</startDate>
  <endDate>9999-12-31</endDate>
  <parentOrgUnit>%s</parentOrgUnit>
  <shortName>E%d</shortName>
  <longName>Enhed %d Østergård</longName>
  <street>Rådhuspladsen 1</street>
  <zipCode>9998</zipCode>
  <city>Korsbæk</city>
  <phoneNumber>99980000</phoneNumber>
  <cvrNr>29190000</cvrNr>
  <eanNr>5790000000001</eanNr>
  <orgType>00003</orgType>
  <orgTypeTxt>Institution</orgTypeTxt>
 </orgUnit>
`

const anEmployee = ` <employee id="%d" client="999" lastChanged="2026-09-01">
  <entryDate>2018-08-01</entryDate>
  <leaveDate/>
  <cpr suppId="0">%s</cpr>
  <firstName>Åse %d</firstName>
  <lastName>Sørensen</lastName>
  <address>Egevej 1</address>
  <postalCode>9998</postalCode>
  <city>Korsbæk</city>
  <country>DK</country>
  <workPhone>99980021</workPhone>
  <workContract>01</workContract>
  <workContractText>Månedsløn bagud</workContractText>
  <positionId>%d</positionId>
  <position>Stilling %d</position>
  <positionShort>S</positionShort>
  <jobId>100</jobId>
  <job>Job</job>
  <jobShort>JOB</jobShort>
  <itUser/>
  <invoiceRecipient>false</invoiceRecipient>
  <productionNumber>1</productionNumber>
  <isManager>%v</isManager>
  <superiorLevel>3</superiorLevel>
  <subordinateLevel>01</subordinateLevel>
  <orgUnit>%d</orgUnit>
  <email>m%d@korsbaek.example</email>
  <userId>M%d</userId>
  <payGrade/>
  <payGradeText>Skala</payGradeText>
  <numerator>37.00 </numerator>
  <denominator>37.00 </denominator>
  <initialEntry>2018-08-01</initialEntry>
  <entryIntoGroup>2018-08-01</entryIntoGroup>
 </employee>
`

// writeTown writes a file of as many employments, in a tree of units with seventy in each. Two
// of a hundred have two employments.
func writeTown(w io.Writer, employments int) {
	fmt.Fprint(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<kmd>\n")
	for i := range employments/70 + 2 {
		parent := fmt.Sprint(i / 5)
		if i == 0 {
			parent = ""
		}
		fmt.Fprintf(w, orgUnit, i, parent, i, i)
	}
	for i := range employments {
		who := i
		if i%50 == 1 {
			who--
		}
		// There are not enough invented numbers for a large town, so some of its people are without one.
		number := ""
		if who < 10_000 {
			number = cprtest.Invented(who)
		}
		fmt.Fprintf(w, anEmployee,
			100_000+i, number, who, i%300, i%300, i%70 == 0, i/70+1, i, i)
	}
	fmt.Fprint(w, "</kmd>\n")
}

func TestGeneratedTown(t *testing.T) {
	var b bytes.Buffer
	writeTown(&b, 700)
	x, err := opus.Read(&b, name)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Units) != 12 || len(x.People) != 686 || len(x.Leaders) != 10 || len(x.Notes) != 0 {
		t.Errorf("%d units, %d people, %d leaders, %d notes", len(x.Units), len(x.People), len(x.Leaders), len(x.Notes))
	}
}

func BenchmarkRead50000(b *testing.B) {
	var text bytes.Buffer
	writeTown(&text, 50_000)
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := opus.Read(bytes.NewReader(text.Bytes()), name); err != nil {
			b.Fatal(err)
		}
	}
}
