package compare

import "strings"

// nicknames has a line for each name and what people of that name are called, in plain
// letters. A word may stand in several lines.
const nicknames = `
pernille nille pelle
hans hasse hansi
johannes johs hannes hans
jens jes
christian kristian chris kris
kristoffer christoffer chris stoffer
mikkel mik
michael mikael mikkel mike
peter pete petter
peder per
anders andy
andreas andy dres
alexander alex sander
alexandra alex sandra
benjamin ben benny
bertil bert
bodil bo
birgitte gitte birgit
brigitte gitte
margrethe grethe grete
margit magda
marie mie maja
maria mia mie ria
annemarie mie rie annie
anne ann annie
anna annie
anette nette
annette nette
jeanette nette
elisabeth lisbeth lis lise elise betty bettina eli
katrine trine kate
kathrine trine kate
catherine trine cathy
kirstine stine
christine stine tine chris
kristine stine tine
christina tina stina
kristina tina stina
martine tine
susanne sanne sus sussi
marianne nanna janne
johanne hanne
josefine fine josse
caroline line caro
karoline line caro
angeline line
pauline line
frederik frede fred frits
frederikke rikke
ulrikke rikke
henrik henning rik
henriette jette
mariette jette
charlotte lotte lotta
liselotte lotte
mathilde tilde
matilde tilde
cecilie cille sille
emilie milie emmi
amalie malie mille
camilla milla mille
kamilla milla mille
nikolaj niko klaus claus
nicolai nico klaus claus
nicoline nico line
niels nis nils
rasmus ras
robert rob bob
sebastian bastian seb
simon sim
sofie fie
sophie fie
svend svenne
thomas tom tommy
tobias tobi
torben tobber
valdemar valde
vilhelm ville willy
william will bill billy
victoria vicky
viktoria vicky
dorthe dorte dot
dorothea dorte thea
theodor teo ted
mathias mats
mads mat
mogens mug
morten mort
kenneth ken kenny
daniel dan danny
david dave
jakob jacob jack
joachim joakim kim
jonathan jon
jørgen jørn
johan jon
lars lasse lau
laurits lars lauge
carl kalle
karl kalle
christopher chris
steffen steff
stefan steff
ole olle
oliver oli
oluf ole
poul palle
patrick pat
frants frans
franciska ciska
veronica nica vera
mohammed mo muhammed mohamed mohammad
abdul abdullah
ingeborg inge inger bolette
ingrid inger
majbritt maj britt
rosemarie rose
ellinor elly nora
eleonora nora
helene lene
magdalene lene malene
karen kaja
karin kaja
kirsten kis
gertrud trude
astrid asta
isabella bella
isabel bella
gabriella ella
rebecca becca
jesper jep
jeppe jep
flemming flemse
esben ebbe
`

// nicknameLines are the lines in which each plain name stands.
func nicknameLines() map[string][]int32 {
	lines := map[string][]int32{}
	for i, line := range strings.Split(strings.TrimSpace(nicknames), "\n") {
		for _, name := range strings.Fields(line) {
			if name = plain(name); len(lines[name]) == 0 || lines[name][len(lines[name])-1] != int32(i) {
				lines[name] = append(lines[name], int32(i))
			}
		}
	}
	return lines
}
