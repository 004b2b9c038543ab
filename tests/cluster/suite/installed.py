"""An operator that somebody else installed and looks after (tests/chart): read, never stopped."""

from suite.kubectl import Kubectl, KubectlError


class InstalledOperator:
    def __init__(self, kubectl, selector, folder):
        namespace, self.selector = selector.split("/", 1)
        self.kubectl = Kubectl(kubectl.binary, kubectl.kubeconfig, namespace)
        self.log = folder / "operator.log"  # never written: its Pods keep it

    def tail(self, lines=60):
        try:
            return self.kubectl.run("logs", "-l", self.selector, "--prefix", f"--tail={lines}")
        except KubectlError as error:
            return str(error)

    def watch_over(self):
        pass
