package opus_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"orgit.dk/orgit/internal/cpr/cprtest"
	"orgit.dk/orgit/org/source/opus"
)

// writeTown writes a file of as many employments, in a tree of units with seventy in each. Two
// of a hundred have two employments.
func writeTown(w io.Writer, employments int) {
	fmt.Fprint(w, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<kmd>\n")
	for i := range employments/70 + 2 {
		parent := fmt.Sprint(i / 5)
		if i == 0 {
			parent = ""
		}
		fmt.Fprintf(w, " <orgUnit id=\"%d\" client=\"999\" lastChanged=\"2026-09-01\">\n  <startDate>2018-01-01</startDate>\n  <endDate>9999-12-31</endDate>\n  <parentOrgUnit>%s</parentOrgUnit>\n  <shortName>E%d</shortName>\n  <longName>Enhed %d Østergård</longName>\n  <street>Rådhuspladsen 1</street>\n  <zipCode>9998</zipCode>\n  <city>Korsbæk</city>\n  <phoneNumber>99980000</phoneNumber>\n  <cvrNr>29190000</cvrNr>\n  <eanNr>5790000000001</eanNr>\n  <orgType>00003</orgType>\n  <orgTypeTxt>Institution</orgTypeTxt>\n </orgUnit>\n", i, parent, i, i)
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
		fmt.Fprintf(w, " <employee id=\"%d\" client=\"999\" lastChanged=\"2026-09-01\">\n  <entryDate>2018-08-01</entryDate>\n  <leaveDate/>\n  <cpr suppId=\"0\">%s</cpr>\n  <firstName>Åse %d</firstName>\n  <lastName>Sørensen</lastName>\n  <address>Egevej 1</address>\n  <postalCode>9998</postalCode>\n  <city>Korsbæk</city>\n  <country>DK</country>\n  <workPhone>99980021</workPhone>\n  <workContract>01</workContract>\n  <workContractText>Månedsløn bagud</workContractText>\n  <positionId>%d</positionId>\n  <position>Stilling %d</position>\n  <positionShort>S</positionShort>\n  <jobId>100</jobId>\n  <job>Job</job>\n  <jobShort>JOB</jobShort>\n  <itUser/>\n  <invoiceRecipient>false</invoiceRecipient>\n  <productionNumber>1</productionNumber>\n  <isManager>%v</isManager>\n  <superiorLevel>3</superiorLevel>\n  <subordinateLevel>01</subordinateLevel>\n  <orgUnit>%d</orgUnit>\n  <email>m%d@korsbaek.example</email>\n  <userId>M%d</userId>\n  <payGrade/>\n  <payGradeText>Skala</payGradeText>\n  <numerator>37.00 </numerator>\n  <denominator>37.00 </denominator>\n  <initialEntry>2018-08-01</initialEntry>\n  <entryIntoGroup>2018-08-01</entryIntoGroup>\n </employee>\n",
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
