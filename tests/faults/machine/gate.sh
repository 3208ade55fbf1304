#!/bin/sh
# Holds whoever calls it at a point of a deployment for as long as /run/gates/POINT exists.
[ -e "/run/gates/$1" ] || exit 0
: >"/run/gates/$1.reached"
while [ -e "/run/gates/$1" ]; do sleep 0.05; done
