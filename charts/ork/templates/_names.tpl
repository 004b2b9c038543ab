{{/* Names and labels, said once. */}}

{{- define "ork.name" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains "ork" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-ork" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* ClusterRoles and such have no namespace, so two releases of one name need another. */}}
{{- define "ork.clusterName" -}}
{{- if or (eq .Release.Namespace (include "ork.name" .)) (eq .Release.Namespace (printf "%s-system" (include "ork.name" .))) }}
{{- include "ork.name" . }}
{{- else }}{{ printf "%s-%s" .Release.Namespace (include "ork.name" .) | trunc 63 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "ork.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "ork.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "ork.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}{{ $image.repository }}@{{ $image.digest }}
{{- else }}{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What selects the operator's Pods: never to change, for a Deployment's selector can't. */}}
{{- define "ork.selector" -}}
app.kubernetes.io/name: ork
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "ork.labels" -}}
app.kubernetes.io/name: ork
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What Pod Security's level restricted asks of a container, and a root file system that stays as it is. */}}
{{- define "ork.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "ork.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}
