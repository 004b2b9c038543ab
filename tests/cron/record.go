// Writes golden.txt: what the library that Kubernetes' CronJob uses says of random cron expressions in zones whose
// clocks are set in different ways. Run from this folder, where Go can fetch modules:
//
//	go mod init record && go get github.com/robfig/cron/v3@v3.0.1 && go run record.go > golden.txt && rm go.mod go.sum
package main

import (
	"fmt"
	"math/rand"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Not those whose clocks are set by half an hour or at midnight: there the library errs (it takes a Sunday for a Saturday
// in Havana, and leaves out half an hour on Lord Howe).
var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Sao_Paulo",
	"Pacific/Apia", "Africa/Casablanca", "America/St_Johns"}

func field(random *rand.Rand, least, most int, names []string) string {
	value := func() string {
		n := least + random.Intn(most-least+1)
		if names != nil && random.Intn(4) == 0 {
			return names[n-least]
		}
		return fmt.Sprint(n)
	}
	switch random.Intn(10) {
	case 0, 1, 2, 3:
		return "*"
	case 4:
		return fmt.Sprintf("*/%d", 1+random.Intn(most))
	case 5:
		return value() + "," + value()
	case 6:
		a, b := least+random.Intn(most-least+1), least+random.Intn(most-least+1)
		return fmt.Sprintf("%d-%d", min(a, b), max(a, b))
	case 7:
		return fmt.Sprintf("%d/%d", least+random.Intn(most-least+1), 1+random.Intn(most))
	default:
		return value()
	}
}

func main() {
	random := rand.New(rand.NewSource(20261122))
	months := strings.Fields("jan FEB mar Apr may jun jul aug sep oct nov dec")
	days := strings.Fields("sun MON tue Wed thu fri sat")
	for written := 0; written < 1500; {
		spec := strings.Join([]string{field(random, 0, 59, nil), field(random, 0, 23, nil), field(random, 1, 31, nil),
			field(random, 1, 12, months), field(random, 0, 6, days)}, " ")
		name := zones[random.Intn(len(zones))]
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		// Half of them within a day of where a clock may be set.
		at := time.Unix(1577836800+random.Int63n(10*365*86400), 0).In(zone)
		if random.Intn(2) == 0 {
			for hours := 0; hours < 366*24; hours++ {
				later := at.Add(time.Hour)
				_, before := at.Zone()
				_, after := later.Zone()
				if before != after {
					break
				}
				at = later
			}
			at = at.Add(-time.Duration(random.Intn(86400)) * time.Second)
		}
		schedule, err := cron.ParseStandard(spec)
		if err != nil {
			panic(spec + ": " + err.Error())
		}
		line := fmt.Sprintf("%s|%s|%d|", spec, name, at.Unix())
		for i := 0; i < 5; i++ {
			at = schedule.Next(at)
			if at.IsZero() {
				break
			}
			line += fmt.Sprintf(" %d", at.Unix())
		}
		if !at.IsZero() {
			fmt.Println(line)
			written++
		}
	}
}
